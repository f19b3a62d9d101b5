import type { ContextHandle } from "@muster/agent/contexts.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";
import { eventually } from "./processes.ts";
import { agentIn, change, giveTask, runAgent, taskIn } from "./sdk-fixtures.ts";

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

/** An agent that opens the context before it goes to work, and what onContextChanged is told. */
async function withContext(
  name: string,
  shared: boolean,
  onContextChanged?: (change: { version: number; rolledBack: boolean; data: unknown }) => void,
) {
  const opened = Promise.withResolvers<ContextHandle>();
  const agent = await runAgent(server, tenant, {
    tasks: {},
    onActivate: async ({ contexts }) => opened.resolve(await contexts.open(name, { shared })),
    ...(onContextChanged ? { onContextChanged } : {}),
  });
  await agentIn(server, agent.id, "ONLINE", "IDLE");
  return { agent, context: await opened.promise };
}

it("reads what it wrote, whole and in part, by patch and by update", async () => {
  const { context } = await withContext("notes", false);
  expect(await context.read()).toEqual({ version: 0, data: null });
  expect(await context.write({ seen: ["a"] }, { message: "first" })).toEqual({ version: 1 });
  expect(await context.patch([{ op: "add", path: "/seen/-", value: "b" }])).toEqual({ version: 2 });
  expect(await context.read("/seen/1")).toEqual({ version: 2, data: "b" });
  await context.update((data) => ({ ...(data as object), done: true }));
  expect(await context.read()).toEqual({ version: 3, data: { seen: ["a", "b"], done: true } });
  expect(await context.update(() => undefined)).toEqual({ version: 3 });
  await expect(context.write({}, { expectedVersion: 1 })).rejects.toMatchObject({ code: "CONFLICT" });
});

it("writes merge patches, merges with what others write, and says what has changed when it cannot", async () => {
  const [{ context }, { context: other }] = (await Promise.all([1, 2].map(() => withContext("merged", true)))) as [
    Awaited<ReturnType<typeof withContext>>,
    Awaited<ReturnType<typeof withContext>>,
  ];
  expect(await context.mergePatch({ a: 1, b: { c: 1 }, none: null })).toEqual({ version: 1 });
  expect(await other.read()).toEqual({ version: 1, data: { a: 1, b: { c: 1 } } });
  await other.mergePatch({ b: { c: 2 } });
  expect(await context.write({ a: 2, b: { c: 1 } }, { merge: true })).toEqual({ version: 3, mergedFrom: 1 });
  // It still knows no more than it has read and written: what the other has changed stays.
  expect(await context.mergePatch({ d: 1 }, { merge: true })).toEqual({ version: 4, mergedFrom: 1 });
  expect(await context.read()).toEqual({ version: 4, data: { a: 2, b: { c: 2 }, d: 1 } });
  const refused = other.write({ a: 1, b: { c: 3 } }, { merge: true, baseVersion: 1 });
  await expect(refused).rejects.toMatchObject({
    code: "CONFLICT",
    fields: {
      currentVersion: 4,
      paths: ["/b/c"],
      diff: [
        { op: "replace", path: "/a", value: 2 },
        { op: "replace", path: "/b/c", value: 2 },
        { op: "add", path: "/d", value: 1 },
      ],
    },
  });
  await expect(other.write({}, { expectedVersion: 3 })).rejects.toMatchObject({
    code: "CONFLICT",
    fields: { currentVersion: 4, paths: null, diff: [{ op: "add", path: "/d", value: 1 }] },
  });
});

it("loses no update when several agents change a shared context at once", async () => {
  const agents = await Promise.all([1, 2, 3].map(() => withContext("counter", true)));
  const increment = (data: unknown) => ({ count: ((data as { count?: number } | null)?.count ?? 0) + 1 });
  await Promise.all(
    agents.map(async ({ context }) => {
      for (let turn = 0; turn < 10; turn += 1) await context.update(increment);
    }),
  );
  expect(await agents[0]?.context.read()).toEqual({ version: 30, data: { count: 30 } });
});

const rollbackOf = async (id: string): Promise<{ rollbackState: string | null }> => {
  const query = `query ($id: ID!) { node(id: $id) { ... on Context { rollbackState } } }`;
  const answer = await server.ask<{ node: { rollbackState: string | null } }>(query, { id });
  return answer.data?.node ?? { rollbackState: null };
};

it("confirms a rollback once onContextChanged has taken it over, and writes on top of it", async () => {
  const changes: unknown[] = [];
  const { context } = await withContext("plan", false, (to) => void changes.push([to.version, to.rolledBack, to.data]));
  await context.write({ step: 1 });
  await context.write({ step: 2 });
  await context.read();
  await change(server, "rollBackContext", { contextId: context.id, toVersion: 1, reason: "wrong turn" }, "id");
  await eventually(
    () => rollbackOf(context.id),
    ({ rollbackState }) => rollbackState === "SUCCEEDED",
  );
  expect(changes).toContainEqual([3, true, { step: 1 }]);
  await expect(context.write({ step: 9 })).rejects.toMatchObject({ code: "ROLLBACK_PENDING" });
  await context.update((data) => ({ ...(data as object), again: true }));
  expect(await context.read()).toEqual({ version: 4, data: { step: 1, again: true } });
});

it("lets a rollback fail with the error of onContextChanged", async () => {
  const { context } = await withContext("model", false, () => {
    throw new Error("cannot load it");
  });
  await context.write({ a: 1 });
  await context.write({ a: 2 });
  await change(server, "rollBackContext", { contextId: context.id, toVersion: 1, reason: "test" }, "id");
  await eventually(
    () => rollbackOf(context.id),
    ({ rollbackState }) => rollbackState === "FAILED",
  );
});

it("reads older versions, also in part, and says what is not there", async () => {
  const { context } = await withContext("history", false);
  await context.write({ steps: ["a"] });
  await context.write({ steps: ["a", "b"] });
  expect(await context.readVersion(1)).toEqual({ version: 1, data: { steps: ["a"] } });
  expect(await context.readVersion(2, "/steps/1")).toEqual({ version: 2, data: "b" });
  await expect(context.readVersion(3)).rejects.toThrow("has no version 3");
  // It has read the past, and writes on top of the present.
  expect(await context.write({ steps: [] })).toEqual({ version: 3 });
});

it("calls onContextChanged again when a rollback is retried, in the same process", async () => {
  let healthy = false;
  const calls: number[] = [];
  const { context } = await withContext("engine", false, ({ version }) => {
    calls.push(version);
    if (!healthy) throw new Error("out of memory");
  });
  for (const step of [1, 2]) await context.write({ step });
  const input = { contextId: context.id, reason: "it was wrong" };
  await change(server, "rollBackContext", { ...input, toVersion: 1 }, "id");
  const inState = (state: string) =>
    eventually(
      () => rollbackOf(context.id),
      ({ rollbackState }) => rollbackState === state,
    );
  await inState("FAILED");
  await change(server, "retryRollback", input, "id");
  await inState("FAILED");
  healthy = true;
  await change(server, "retryRollback", { ...input, reason: "it has room now" }, "id");
  await inState("SUCCEEDED");
  expect(calls).toEqual([3, 3, 3]);
});

it("is answered by the process after the one that could not load it, when a retry restarts the agent", async () => {
  let calls = 0;
  const { agent, context } = await withContext("weights", false, () => {
    calls += 1;
    throw new Error("out of memory");
  });
  for (const step of [1, 2]) await context.write({ step });
  const input = { contextId: context.id, reason: "it was wrong" };
  await change(server, "rollBackContext", { ...input, toVersion: 1 }, "id");
  await eventually(
    () => rollbackOf(context.id),
    ({ rollbackState }) => rollbackState === "FAILED",
  );
  await change(server, "retryRollback", { ...input, restartAgents: true }, "id");
  await agent.ended;
  expect(calls).toBe(1);
  expect(await rollbackOf(context.id)).toEqual({ rollbackState: "PENDING" });
  await runAgent(server, tenant, { tasks: {}, onContextChanged: () => {} }, { as: agent });
  await eventually(
    () => rollbackOf(context.id),
    ({ rollbackState }) => rollbackState === "SUCCEEDED",
  );
});

/** Connections of agents that hear of a changed context only so much later; all else comes as it does. */
function delayContextChanges(ms: number): void {
  class SlowWebSocket extends WebSocket {
    constructor(...parameters: ConstructorParameters<typeof WebSocket>) {
      super(...parameters);
      Object.defineProperty(this, "onmessage", {
        set(this: WebSocket, listener: (event: MessageEvent) => void) {
          this.addEventListener("message", (event) => {
            if (/"inbox":.*"ContextChanged"/.test(String(event.data))) setTimeout(() => listener(event), ms);
            else listener(event);
          });
        },
      });
    }
  }
  vi.stubGlobal("WebSocket", SlowWebSocket);
  onTestFinished(() => void vi.unstubAllGlobals());
}

it("never begins a task that starts after a rollback with what was rolled back, however late its inbox is", async () => {
  delayContextChanges(400);
  let memory: unknown = null;
  const opened = Promise.withResolvers<ContextHandle>();
  const agent = await runAgent(server, tenant, {
    tasks: { work: () => memory },
    onActivate: async ({ contexts }) => {
      const context = await contexts.open("orders", { shared: false });
      // Nothing is written yet; it hears of the first version all the same.
      await context.read();
      opened.resolve(context);
    },
    onContextChanged: async ({ data }) => {
      await sleep(50);
      memory = data;
    },
  });
  const { id: contextId } = await opened.promise;
  await change(server, "writeContext", { contextId, data: { good: true } }, "id");
  const seen: unknown[] = [];
  for (const bad of [1, 2, 3]) {
    await change(server, "writeContext", { contextId, data: { bad } }, "id");
    await eventually(
      async () => JSON.stringify(memory),
      (data) => data === JSON.stringify({ bad }),
    );
    await change(server, "rollBackContext", { contextId, toVersion: 1, reason: "bad" }, "id");
    seen.push((await taskIn(server, await giveTask(server, tenant, agent.id), "SUCCEEDED")).output);
  }
  expect(seen).toEqual([{ good: true }, { good: true }, { good: true }]);
});
