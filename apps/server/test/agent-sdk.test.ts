import { setTimeout as sleep } from "node:timers/promises";
import { TaskAborted, TaskFailure } from "@muster/agent/failure.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";
import { agentIn, change, giveTask, runAgent, taskIn, untilAborted } from "./sdk-fixtures.ts";

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

describe("an agent's tasks", () => {
  it("start, report progress and complete, between hooks that are called in order", async () => {
    const calls: string[] = [];
    const hook = (name: string) => () => void calls.push(name);
    const agent = await runAgent(server, tenant, {
      capabilities: ["extra"],
      onInitialize: hook("initialize"),
      onActivate: hook("activate"),
      onDeactivate: hook("deactivate"),
      onShutdown: hook("shutdown"),
      tasks: {
        work: async (task, tools) => {
          calls.push("work");
          for (let step = 0; step <= 50; step += 1)
            void tools.progress(step / 50, `step ${step}`, step % 10 === 0 ? { step } : undefined);
          return {
            input: task.input,
            attempt: task.attempt,
            agent: tools.agent.id,
            lease: task.leaseUntil instanceof Date,
          };
        },
      },
    });
    const id = await giveTask(server, tenant, agent.id, { input: { a: [1] } });
    const task = await taskIn(server, id, "SUCCEEDED");
    expect(task).toMatchObject({
      attempt: 1,
      progress: 1,
      progressMessage: "step 50",
      output: { input: { a: [1] }, attempt: 1, agent: agent.id, lease: true },
    });
    expect((await agentIn(server, agent.id, "IDLE")).capabilities.toSorted()).toEqual(["extra", "work"]);
    await agent.stop();
    expect(calls).toEqual(["initialize", "activate", "work", "deactivate", "shutdown"]);
  });

  it("run side by side up to the agent's concurrency", async () => {
    let running = 0;
    let most = 0;
    const agent = await runAgent(
      server,
      tenant,
      {
        concurrency: 2,
        tasks: {
          work: async () => {
            running += 1;
            most = Math.max(most, running);
            await sleep(50);
            running -= 1;
          },
        },
      },
      { maxConcurrency: 5 },
    );
    const ids = await Promise.all(Array.from({ length: 8 }, () => giveTask(server, tenant, agent.id)));
    for (const id of ids)
      expect(await taskIn(server, id, "SUCCEEDED", "FAILED")).toMatchObject({ state: "SUCCEEDED", attempt: 1 });
    expect(most).toBe(2);
  });

  it("fail with the handler's kind and message, and are tried again when that can help", async () => {
    const attempts: number[] = [];
    const agent = await runAgent(server, tenant, {
      tasks: {
        work: (task) => {
          attempts.push(task.attempt);
          if (task.attempt === 1) throw new Error("out of luck");
          throw new TaskFailure("no such file", { kind: "missing", retryable: false });
        },
      },
    });
    const backoff = { initialMs: 10, factor: 1, maxMs: 10 };
    const id = await giveTask(server, tenant, agent.id, { maxFailures: 5, backoff });
    const task = await taskIn(server, id, "FAILED");
    expect(task.error).toEqual({ kind: "missing", message: "no such file", retryable: false });
    expect(attempts).toEqual([1, 2]);
  });

  it("fail when nobody handles their kind, or their output cannot be stored", async () => {
    const agent = await runAgent(server, tenant, { tasks: { work: () => "\0", loop: () => 1n } });
    const unknown = await taskIn(server, await giveTask(server, tenant, agent.id, { kind: "other" }), "FAILED");
    expect(unknown.error).toMatchObject({ kind: "unsupported_kind", retryable: false });
    const refused = await taskIn(server, await giveTask(server, tenant, agent.id), "FAILED");
    expect(refused.error).toMatchObject({ kind: "invalid_output" });
    const unserializable = await taskIn(server, await giveTask(server, tenant, agent.id, { kind: "loop" }), "FAILED");
    expect(unserializable.error).toMatchObject({ kind: "invalid_output" });
  });

  it("end as cancelled when their handler stops, and as succeeded when it had finished all the same", async () => {
    const reasons: unknown[] = [];
    const agent = await runAgent(server, tenant, {
      tasks: {
        work: async (_task, { signal }) => {
          await untilAborted(signal).catch((reason: unknown) => reasons.push(reason));
          signal.throwIfAborted();
        },
        stubborn: async (_task, { signal }) => untilAborted(signal).catch(() => "done"),
      },
    });
    const cancelled = await giveTask(server, tenant, agent.id);
    const finished = await giveTask(server, tenant, agent.id, { kind: "stubborn" });
    for (const taskId of [cancelled, finished]) {
      await taskIn(server, taskId, "RUNNING");
      await change(server, "cancelTask", { taskId, reason: "no longer needed" }, "id");
    }
    await taskIn(server, cancelled, "CANCELLED");
    expect(await taskIn(server, finished, "SUCCEEDED", "CANCELLED")).toMatchObject({
      state: "SUCCEEDED",
      output: "done",
    });
    expect(reasons).toEqual([expect.objectContaining({ reason: "cancelled" })]);
  });

  it("are aborted when their lease is lost, and their late result is not taken", async () => {
    const aborted = Promise.withResolvers<unknown>();
    const agent = await runAgent(server, tenant, {
      tasks: {
        work: async (task, { signal }) => {
          if (task.attempt > 1) return "second";
          aborted.resolve(await untilAborted(signal).catch((reason: unknown) => reason));
          return "first";
        },
      },
    });
    const id = await giveTask(server, tenant, agent.id, { backoff: { initialMs: 10, factor: 1, maxMs: 10 } });
    await taskIn(server, id, "RUNNING");
    await change(server, "transitionAgent", { agentId: agent.id, action: "FAIL", reason: "taken away" }, "id");
    const reason = await aborted.promise;
    expect(reason).toBeInstanceOf(TaskAborted);
    expect(["lease_lost", "stopped"]).toContain((reason as TaskAborted).reason);
    await change(server, "transitionAgent", { agentId: agent.id, action: "RECOVER", reason: "given back" }, "id");
    expect(await taskIn(server, id, "SUCCEEDED")).toMatchObject({ output: "second" });
  });
});

describe("an agent's life", () => {
  it("is marked ERROR when it cannot initialize", async () => {
    const agent = await createAgent(server, tenant, "broken");
    const running = await runAgent(
      server,
      tenant,
      {
        tasks: {},
        onInitialize: () => {
          throw new Error("no disk");
        },
      },
      { as: agent },
    );
    await expect(running.ended).rejects.toThrow("no disk");
    expect((await agentIn(server, agent.id, "ERROR")).lastError).toContain("no disk");
  });

  it("ends with a clear error for a wrong key, an unknown agent and another agent's key", async () => {
    const one = await createAgent(server, tenant, "one");
    const other = await createAgent(server, tenant, "other");
    const attempt = async (as: { id: string; key: string }) =>
      (await runAgent(server, tenant, { tasks: {} }, { as })).ended;
    await expect(attempt({ id: one.id, key: "mst_wrong" })).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    await expect(attempt({ id: "agent_00000000000000000000000000", key: one.key })).rejects.toThrow("MUSTER_AGENT_ID");
    await expect(attempt({ id: other.id, key: one.key })).rejects.toMatchObject({ code: "FORBIDDEN" });
  });

  it("ends when a newer process takes over, which gets the work", async () => {
    const aborted = Promise.withResolvers<unknown>();
    const first = await runAgent(server, tenant, {
      tasks: { work: (_task, { signal }) => untilAborted(signal).catch((reason: unknown) => aborted.resolve(reason)) },
    });
    const id = await giveTask(server, tenant, first.id, { backoff: { initialMs: 10, factor: 1, maxMs: 10 } });
    await taskIn(server, id, "RUNNING");
    await runAgent(server, tenant, { tasks: { work: () => "by the newer" } }, { as: first });
    await first.ended;
    expect(await aborted.promise).toMatchObject({ reason: expect.stringMatching(/superseded|lease_lost/) });
    expect(await taskIn(server, id, "SUCCEEDED")).toMatchObject({ output: "by the newer" });
  });

  it("pauses and returns as the operator asks, and ends on STOP once its tasks have ended", async () => {
    const calls: string[] = [];
    const finish = Promise.withResolvers<void>();
    const agent = await runAgent(server, tenant, {
      onActivate: () => void calls.push("activate"),
      onDeactivate: () => void calls.push("deactivate"),
      onShutdown: () => void calls.push("shutdown"),
      tasks: { work: () => finish.promise },
    });
    const ask = (action: string) =>
      change(server, "transitionAgent", { agentId: agent.id, action, reason: "test" }, "id");
    await agentIn(server, agent.id, "ONLINE", "IDLE");
    await expect.poll(() => calls).toEqual(["activate"]);
    await ask("SUSPEND");
    await expect.poll(() => calls).toEqual(["activate", "deactivate"]);
    await ask("RESUME");
    await expect.poll(() => calls).toEqual(["activate", "deactivate", "activate"]);
    const id = await giveTask(server, tenant, agent.id);
    await taskIn(server, id, "RUNNING");
    await ask("STOP");
    await sleep(200);
    expect(calls).toHaveLength(3);
    finish.resolve();
    await taskIn(server, id, "SUCCEEDED");
    await agent.ended;
    expect(calls.slice(3)).toEqual(["deactivate", "shutdown"]);
    await agentIn(server, agent.id, "OFFLINE");
  });

  it("gives back at its shutdown what does not end in time, also from handlers that do not listen", async () => {
    const agent = await runAgent(
      server,
      tenant,
      {
        tasks: {
          quick: () => sleep(150, "in time"),
          listening: (_task, { signal }) => untilAborted(signal),
          deaf: () => new Promise(() => {}),
        },
      },
      { drainMs: 500 },
    );
    const backoff = { initialMs: 60_000, factor: 1, maxMs: 60_000 };
    const give = (kind: string) => giveTask(server, tenant, agent.id, { kind, backoff, maxFailures: 3 });
    const [listening, deaf, quick] = await Promise.all([give("listening"), give("deaf"), give("quick")]);
    for (const id of [listening, deaf]) await taskIn(server, id, "RUNNING");
    const started = performance.now();
    await agent.stop();
    expect(performance.now() - started).toBeLessThan(2_500);
    expect(await taskIn(server, quick, "SUCCEEDED")).toMatchObject({ output: "in time" });
    for (const id of [listening, deaf]) {
      expect(await taskIn(server, id, "QUEUED")).toMatchObject({
        failures: 1,
        error: { kind: "shutdown", retryable: true },
      });
    }
  });
});
