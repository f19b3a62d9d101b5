import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { change } from "./change.ts";
import { createAgent, createTenant, type Tenant } from "./harness.ts";
import { asHarness } from "./plain-agent.ts";
import { createJournal, eventually, gone, type ServerProcess, startServerProcess, startWorker } from "./processes.ts";
import { databaseForTest, lookInto } from "./task-consistency.ts";

interface TaskRow {
  readonly id: string;
  readonly state: string;
  readonly attempt: number;
  readonly failures: number;
  readonly output: { readonly doneBy: number } | null;
  readonly error: { readonly kind: string; readonly message: string } | null;
}

const TASK = `query ($id: ID!) { node(id: $id) { ... on Task { id state attempt failures output error { kind message } } } }`;

async function setUp(environment: Record<string, string> = {}) {
  const url = await databaseForTest();
  const times = { MUSTER_LEASE_MS: "2000", MUSTER_CANCEL_GRACE_MS: "1000" };
  const server = await startServerProcess(url, { ...times, ...environment });
  const tenant = await createTenant(asHarness(server));
  return { server, tenant, journal: await createJournal(), database: lookInto(url) };
}

async function createTask(server: ServerProcess, tenant: Tenant, input: object, more: object = {}): Promise<string> {
  const backoff = { initialMs: 0, factor: 1, maxMs: 0 };
  const task = { projectId: tenant.projectId, kind: "work", input, backoff, ...more };
  return (await change(asHarness(server), "createTask", task)).data?.["id"] as string;
}

const readTask = async (server: ServerProcess, id: string): Promise<TaskRow> => {
  const answer = await server.ask<{ node: TaskRow }>(TASK, { id });
  if (!answer.data) throw new Error(JSON.stringify(answer.errors));
  return answer.data.node;
};
const taskIn = (server: ServerProcess, id: string, ...states: string[]) =>
  eventually(
    () => readTask(server, id),
    ({ state }) => states.includes(state),
    30_000,
  );

describe("SIGSTOP of an agent past its lease", () => {
  it("gives its tasks to another, whose results stand; when it goes on, its handlers are aborted and its results refused", async () => {
    // Short, so that the one that sleeps soon counts as lost.
    const { server, tenant, journal, database } = await setUp({ MUSTER_START_TIMEOUT_MS: "1500" });
    const [sleeper, other] = [
      await createAgent(asHarness(server), tenant, "sleeper", { maxConcurrency: 2 }),
      await createAgent(asHarness(server), tenant, "other", { maxConcurrency: 2 }),
    ];
    const stopped = startWorker(server.url, sleeper, journal.path);
    // The first is over when the process wakes, and the second is not.
    const [over, long] = [
      await createTask(server, tenant, { ms: 1_500, deaf: true }),
      await createTask(server, tenant, { ms: 12_000 }),
    ];
    await eventually(journal.lines, (lines) => lines.length === 2);
    process.kill(stopped.pid!, "SIGSTOP");
    const second = startWorker(server.url, other, journal.path);
    const begun = (id: string) => (lines: string[]) =>
      lines.some((line) => line.startsWith(`begin ${id}`) && line.endsWith(` ${second.pid}`));
    await eventually(journal.lines, begun(long), 30_000);
    const ended = await taskIn(server, over, "SUCCEEDED");
    // Until it counts as lost, the one that sleeps may be offered them again; that is no failure.
    expect(ended).toMatchObject({ failures: 1, output: { doneBy: second.pid } });

    process.kill(stopped.pid!, "SIGCONT");
    await eventually(journal.lines, (lines) => lines.includes(`abort ${long} 1 ${stopped.pid} lease_lost`));
    await eventually(journal.lines, (lines) => lines.includes(`end ${over} 1 ${stopped.pid}`));
    const late = { taskId: over, attempt: 1, output: { doneBy: stopped.pid } };
    expect(await change(asHarness(server), "completeTask", late, "data { id }", sleeper.key)).toMatchObject({
      __typename: "LeaseLost",
    });
    await sleep(500);
    expect(await readTask(server, over)).toEqual(ended);
    expect(await readTask(server, long)).toMatchObject({ state: "RUNNING", failures: 1 });
    await change(asHarness(server), "cancelTask", { taskId: long, reason: "seen enough" });
    await taskIn(server, long, "CANCELLED");
    await database.expectSettled();
  }, 90_000);
});

describe("SIGKILL of an agent during a step", () => {
  it("loses no task, and counts none twice, whichever step it is", async () => {
    const { server, tenant, journal, database } = await setUp();
    const steps = [
      { at: "before startTask", input: {} },
      { at: "startTask", input: { ms: 300 } },
      { at: "reportProgress", input: { ms: 300, progress: true } },
      { at: "completeTask", input: {} },
      { at: "failTask", input: { fail: true } },
      // The handler ends when it is told to, and the process dies while it says so.
      { at: "failTask", input: { ms: 60_000 }, cancel: true },
    ];
    const tasks = await Promise.all(
      steps.map(async ({ at, input, cancel = false }, index) => {
        const kind = `work-${index}`;
        const agent = await createAgent(asHarness(server), tenant, `doomed-${index}`);
        const environment = { MUSTER_TEST_KINDS: kind, MUSTER_TEST_KILL_AT: at };
        const doomed = startWorker(server.url, agent, journal.path, environment);
        const id = await createTask(server, tenant, input, { kind, maxFailures: 5 });
        if (cancel) {
          await taskIn(server, id, "RUNNING");
          await change(asHarness(server), "cancelTask", { taskId: id, reason: "stop" });
        }
        await gone(doomed);
        expect(doomed.signalCode).toBe("SIGKILL");
        return { id, kind, cancel };
      }),
    );
    await database.expectConsistent();
    const rescuer = await createAgent(asHarness(server), tenant, "rescuer", { maxConcurrency: 10 });
    startWorker(server.url, rescuer, journal.path, { MUSTER_TEST_KINDS: tasks.map(({ kind }) => kind).join(",") });
    for (const { id, cancel } of tasks) {
      const task = await taskIn(server, id, "SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED");
      expect(task.state).toBe(cancel ? "CANCELLED" : "SUCCEEDED");
      // Until it counts as lost, the dead one may be offered it again; that is no failure.
      expect(task.failures).toBeLessThanOrEqual(1);
    }
    await database.expectSettled();
  }, 90_000);
});

describe("a poison task that crashes its agent", () => {
  it("is tried so often and no more, ends as a dead letter with its reason, and lets the others go on", async () => {
    const { server, tenant, journal, database } = await setUp();
    const agent = await createAgent(asHarness(server), tenant, "crashing");
    const before = await createTask(server, tenant, {}, { priority: 2 });
    const poison = await createTask(server, tenant, { exit: 3 }, { priority: 1, maxFailures: 3 });
    const after = [await createTask(server, tenant, {}), await createTask(server, tenant, {})];
    let [crashes, isOver] = [0, false];
    onTestFinished(() => {
      isOver = true;
    });
    const keepRunning = async () => {
      while (!isOver) {
        const [code] = (await once(startWorker(server.url, agent, journal.path), "exit")) as [number | null];
        if (code === 3) crashes += 1;
      }
    };
    void keepRunning();

    const task = await taskIn(server, poison, "FAILED");
    expect(task).toMatchObject({ attempt: 3, failures: 3 });
    expect(["agent_left", "lease_expired"]).toContain(task.error?.kind);
    expect(task.error?.message).toMatch(/\w+/);
    for (const id of [before, ...after]) {
      expect(await taskIn(server, id, "SUCCEEDED")).toMatchObject({ attempt: 1, failures: 0 });
    }
    expect(crashes).toBe(3);
    expect((await journal.lines()).filter((line) => line.startsWith(`begin ${poison}`))).toHaveLength(3);
    await database.expectSettled();
    isOver = true;
  }, 90_000);
});
