import type { ContextHandle } from "@muster/agent/contexts.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";
import { eventually } from "./processes.ts";
import { agentIn, change, runAgent } from "./sdk-fixtures.ts";

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
