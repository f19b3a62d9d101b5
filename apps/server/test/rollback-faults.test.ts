import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { change } from "./change.ts";
import { createAgent, createTenant } from "./harness.ts";
import { asHarness } from "./plain-agent.ts";
import { createJournal, eventually, gone, PLANNER, startServerProcess, startWorker } from "./processes.ts";
import { databaseForTest } from "./task-consistency.ts";

// Each starts processes, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

interface ContextRow {
  readonly currentVersion: number;
  readonly rollbackState: string | null;
  readonly rollbackChoices: string[];
  readonly confirmations: readonly { readonly state: string; readonly error: string | null }[];
}
const CONTEXT = `query ($id: ID!) { node(id: $id) { ... on Context {
  currentVersion rollbackState rollbackChoices confirmations { state error } } } }`;

/** A server, and an agent whose context "plan" says "good" in version 1 and "bad" in version 2. */
async function setUp(environment: Record<string, string> = {}) {
  const server = await startServerProcess(await databaseForTest(), environment);
  const tenant = await createTenant(asHarness(server));
  const agent = await createAgent(asHarness(server), tenant, "planner", { maxConcurrency: 2 });
  const journal = await createJournal();
  const { projectId } = tenant;
  const opened = await change(asHarness(server), "openContext", { projectId, agentId: agent.id, name: "plan" });
  const contextId = opened.data?.["id"] as string;
  for (const plan of ["good", "bad"]) await change(asHarness(server), "writeContext", { contextId, data: { plan } });

  const line = (what: string) =>
    eventually(journal.lines, (lines) => lines.some((each) => each.startsWith(what)), 30_000);
  return {
    server,
    agent,
    contextId,
    journal,
    line,
    start: async (more: Record<string, string> = {}) => {
      const child = startWorker(server.url, agent, journal.path, more, PLANNER);
      await eventually(journal.lines, (lines) => lines.some((each) => each.endsWith(` ${child.pid}`)), 30_000);
      return child;
    },
    rollBack: () => change(asHarness(server), "rollBackContext", { contextId, toVersion: 1, reason: "it is bad" }),
    createTask: (input: object) =>
      change(asHarness(server), "createTask", { projectId, kind: "work", agentId: agent.id, input }),
    context: async () => {
      const answer = await server.ask<{ node: ContextRow }>(CONTEXT, { id: contextId });
      if (!answer.data) throw new Error(JSON.stringify(answer.errors));
      return answer.data.node;
    },
  };
}

type World = Awaited<ReturnType<typeof setUp>>;
const inState = (world: World, ...states: string[]) =>
  eventually(world.context, ({ rollbackState }) => states.includes(rollbackState ?? ""), 30_000);

describe("an agent with work queued", () => {
  it("has loaded what was rolled back to before the first line of its next task", async () => {
    const world = await setUp();
    await world.start({ MUSTER_TEST_LOAD_MS: "1500" });
    await world.createTask({ name: "first", ms: 1_000 });
    await world.createTask({ name: "second" });
    await world.line("begin first bad");
    await world.rollBack();
    // The first ends while it loads.
    await world.line("end second");
    const lines = await world.journal.lines();
    const at = (what: string) => lines.findIndex((each) => each.startsWith(what));
    expect(at("loaded good")).toBeGreaterThan(at("begin first bad"));
    expect(at("begin second good")).toBeGreaterThan(at("loaded good"));
    expect(await inState(world, "SUCCEEDED")).toMatchObject({ confirmations: [{ state: "SUCCEEDED" }] });
  });
});

describe("an agent that is killed between loading and answering", () => {
  it("is waited for: the process after it answers", async () => {
    const world = await setUp();
    const child = await world.start({ MUSTER_TEST_KILL_AT: "before acknowledgeContext" });
    await world.rollBack();
    await gone(child);
    expect((await world.journal.lines()).at(-1)).toBe(`loaded good ${child.pid}`);
    expect(await world.context()).toMatchObject({
      rollbackState: "PENDING",
      rollbackChoices: ["RETRY", "RESTART_AGENTS", "FORCE"],
    });
    await world.start();
    expect(await inState(world, "SUCCEEDED")).toMatchObject({ confirmations: [{ state: "SUCCEEDED" }] });
  });

  it("has answered when the server got it, whoever did not hear of that", async () => {
    const world = await setUp();
    await gone(
      await world.start({ MUSTER_TEST_KILL_AT: "acknowledgeContext" }).then(async (child) => {
        await world.rollBack();
        return child;
      }),
    );
    await world.start();
    expect(await inState(world, "SUCCEEDED")).toMatchObject({ confirmations: [{ state: "SUCCEEDED" }] });
  });
});

describe("SIGSTOP of an agent past the time-out", () => {
  it("fails the rollback, names what to do next, and a retry waits until it goes on", async () => {
    const world = await setUp({ MUSTER_ROLLBACK_TIMEOUT_MS: "1500", MUSTER_HEARTBEAT_TIMEOUT_MS: "20000" });
    const child = await world.start();
    process.kill(child.pid ?? 0, "SIGSTOP");
    await world.rollBack();
    expect(await inState(world, "FAILED")).toMatchObject({
      rollbackChoices: ["RETRY", "RESTART_AGENTS", "FORCE"],
      confirmations: [{ state: "FAILED", error: "did not answer within 1.5 s" }],
    });
    const retried = { contextId: world.contextId, reason: "it wakes up" };
    expect(await change(asHarness(world.server), "retryRollback", retried)).toMatchObject({
      __typename: "RetryRollbackSuccess",
    });
    expect(await world.context()).toMatchObject({ rollbackState: "PENDING" });
    await sleep(300);
    process.kill(child.pid ?? 0, "SIGCONT");
    expect(await inState(world, "SUCCEEDED")).toMatchObject({
      currentVersion: 3,
      rollbackChoices: [],
      confirmations: [{ state: "SUCCEEDED", error: null }],
    });
    expect(await world.journal.lines()).toContain(`loaded good ${child.pid}`);
    // Late words on what is over change nothing.
    const late = { contextId: world.contextId, agentId: world.agent.id, version: 3, ok: false, error: "late" };
    await change(asHarness(world.server), "acknowledgeContext", late, "data { id }", world.agent.key);
    expect(await world.context()).toMatchObject({ rollbackState: "SUCCEEDED" });
  });
});

describe("kill -9 of the server while an agent loads", () => {
  it("loses neither the rollback nor the answer", async () => {
    const world = await setUp();
    const child = await world.start({ MUSTER_TEST_LOAD_MS: "800" });
    await world.rollBack();
    await sleep(300);
    await world.server.kill();
    await world.line("loaded good");
    await world.server.start();
    expect(await inState(world, "SUCCEEDED")).toMatchObject({ confirmations: [{ state: "SUCCEEDED" }] });
    const loads = (await world.journal.lines()).filter((each) => each.startsWith("loaded good"));
    expect(loads).toEqual([`loaded good ${child.pid}`]);
  });
});
