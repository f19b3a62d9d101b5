import { type Actor, within } from "@muster/domain/actor.ts";
import { Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { AGENT_PERMISSIONS } from "@muster/domain/permissions.ts";
import { openFeed } from "@muster/events/feed.ts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, eventually, type Worker } from "../../test/workers.ts";
import { newId } from "../new-id.ts";
import type { Runtime } from "../runtime.ts";
import { cancelTask } from "./cancel-task.ts";
import { claimReady } from "./claim-tasks.ts";
import { completeTask } from "./complete-task.ts";
import { createTasks } from "./create-tasks.ts";
import { runTask } from "./run-task.ts";
import { startTask } from "./start-task.ts";
import { TaskWatch } from "./task-watch.ts";
import { waitForTask } from "./wait-for-task.ts";

let fixture: Fixture;
let worker: Worker;
let statements: string[];
/** What those who wait run on: its statements are counted. */
let runtime: Runtime;
let watch: TaskWatch;

beforeAll(async () => {
  fixture = await createFixture();
  worker = await addWorker(fixture, { maxConcurrency: 1_000 });
});
beforeEach(() => {
  statements = [];
  const { database } = fixture;
  runtime = {
    ...fixture.runtime,
    database: {
      ...database,
      run(statement, values) {
        statements.push(statement.text);
        return database.run(statement, values);
      },
    },
  };
  watch = new TaskWatch(runtime, () => {});
});
afterEach(() => watch.close());
afterAll(() => fixture.close());

const input = (more: object = {}) => ({ projectId: fixture.projectId, kind: "build", input: 1, ...more });

/** Runs what is queued for the worker. Its end is another process's: nothing tells the watch of it. */
async function work(output: unknown = "done"): Promise<string[]> {
  const tasks = await claimReady(fixture.runtime, worker.caller, { ...worker, max: 1_000 });
  await Promise.all(
    tasks.map(async ({ id: taskId, attempt }) => {
      await startTask(fixture.runtime, worker.caller, { taskId, attempt });
      await completeTask(fixture.runtime, worker.caller, { taskId, attempt, output: output as never });
    }),
  );
  return tasks.map(({ id }) => id);
}

const ended = async (taskId: string) => {
  await cancelTask(fixture.runtime, fixture.admin, { taskId, reason: "no" });
};

describe("runTask", () => {
  it("gives the task with its output once it has ended, without a hint from whoever runs it", async () => {
    const running = runTask(runtime, watch, fixture.admin, { task: input(), waitMs: 20_000 });
    await eventually(() => statements.some((text) => text.includes("chunkCount")));
    // The first look has found it waiting.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await eventually(async () => (await work()).length > 0);
    expect(await running).toMatchObject({ ended: true, repeated: false, task: { state: "SUCCEEDED", output: "done" } });
  });

  it("hears of the end by the feed, long before the next look", async () => {
    const feed = await openFeed({ url: fixture.url, onError: () => {} });
    const stop = feed.onEvents(null, watch.observe);
    const running = runTask(runtime, watch, fixture.admin, { task: input(), waitMs: 20_000 });
    await eventually(() => statements.some((text) => text.includes("chunkCount")));
    const begun = performance.now();
    const times: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const task = await addTask(fixture, { agentId: worker.id });
      const waiting = waitForTask(runtime, watch, fixture.admin, { taskId: task.id, waitMs: 5_000 });
      // Between two looks of the poll.
      await new Promise((resolve) => setTimeout(resolve, 60));
      await ended(task.id);
      feed.committed();
      const at = performance.now();
      await waiting;
      times.push(performance.now() - at);
    }
    expect(times.toSorted((a, b) => a - b)[2]).toBeLessThan(200);
    expect(performance.now() - begun).toBeLessThan(20_000);
    await work();
    await running;
    stop();
    await feed.close();
  });

  it("says that the time was up, and can be waited for again", async () => {
    const first = await runTask(runtime, watch, fixture.admin, { task: input(), waitMs: 50 });
    expect(first).toMatchObject({ ended: false, task: { state: "QUEUED" } });
    const again = waitForTask(runtime, watch, fixture.admin, { taskId: first.task.id, waitMs: 20_000 });
    await eventually(async () => (await work()).length > 0);
    expect(await again).toMatchObject({ ended: true, task: { id: first.task.id, state: "SUCCEEDED" } });
    expect(await waitForTask(runtime, watch, fixture.admin, { taskId: first.task.id, waitMs: 0 })).toMatchObject({
      ended: true,
    });
  });

  it("cancels what is late when it is told to, and nothing else", async () => {
    const late = await runTask(runtime, watch, fixture.admin, { task: input(), waitMs: 50, cancelOnTimeout: true });
    expect(late).toMatchObject({
      ended: true,
      task: { state: "CANCELLED", cancelReason: "It had not ended after 50 ms." },
    });
    const running = await addTask(fixture, { idempotencyKey: "late" });
    await claimReady(fixture.runtime, worker.caller, { ...worker, max: 1 });
    await startTask(fixture.runtime, worker.caller, { taskId: running.id, attempt: 1 });
    const repeated = input({ idempotencyKey: "late" });
    const asked = { task: repeated, waitMs: 50, cancelOnTimeout: true };
    expect(await runTask(runtime, watch, fixture.admin, asked)).toMatchObject({
      ended: false,
      repeated: true,
      task: { id: running.id, state: "CANCELLING" },
    });
    expect(await runTask(runtime, watch, fixture.admin, asked)).toMatchObject({ task: { state: "CANCELLING" } });
    await completeTask(fixture.runtime, worker.caller, { taskId: running.id, attempt: 1, output: 1 });
    expect(await runTask(runtime, watch, fixture.admin, asked)).toMatchObject({ ended: true, task: { output: 1 } });
  });

  it("waits for the first task of a repeated idempotency key", async () => {
    const task = input({ idempotencyKey: "one" });
    const both = Promise.all([
      runTask(runtime, watch, fixture.admin, { task }),
      runTask(runtime, watch, fixture.admin, { task }),
    ]);
    await eventually(async () => (await work("one")).length > 0);
    const results = await both;
    expect(new Set(results.map((result) => result.task.id)).size).toBe(1);
    expect(results.map(({ repeated }) => repeated).toSorted()).toEqual([false, true]);
    expect(results.map((result) => result.task.output)).toEqual(["one", "one"]);
  });

  it("stops waiting when its client has gone or the process stops, and leaves the task alone", async () => {
    const gone = new AbortController();
    const asked = { task: input(), waitMs: 20_000, cancelOnTimeout: true };
    const left = runTask(runtime, watch, fixture.admin, asked, gone.signal);
    await eventually(() => statements.some((text) => text.includes("chunkCount")));
    gone.abort();
    expect(await left).toMatchObject({ ended: false, task: { state: "QUEUED" } });
    const waiting = runTask(runtime, watch, fixture.admin, asked);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await watch.close();
    expect(await waiting).toMatchObject({ ended: false, task: { state: "QUEUED" } });
    expect(await runTask(runtime, watch, fixture.admin, asked)).toMatchObject({ ended: false });
    await work();
  });

  it("refuses before anything is written", async () => {
    const agent = callerOf({
      kind: "AGENT",
      name: "agent",
      permissions: new Set(AGENT_PERMISSIONS),
      reach: { workspaceId: fixture.workspaceId, projectId: fixture.projectId },
    });
    await expect(
      runTask(runtime, watch, agent, { task: input({ kind: "build" }), cancelOnTimeout: true }),
    ).rejects.toThrow(Forbidden);
    await expect(runTask(runtime, watch, fixture.admin, { task: input(), waitMs: 60_001 })).rejects.toThrow(
      InvalidInput,
    );
    expect(statements).toEqual([]);
    await expect(runTask(runtime, watch, fixture.admin, { task: input({ kind: "" }) })).rejects.toMatchObject({
      issues: [{ path: ["task", "kind"] }],
    });
  });
});

describe("waitForTask", () => {
  it("answers alike for a task that is missing and one out of reach", async () => {
    const { workspaceId, projectId } = await addProject(fixture.database);
    const from = (reach: Actor["reach"]) =>
      callerOf({ kind: "API_KEY", name: "other", permissions: fixture.admin.actor.permissions, reach });
    const callers = [fixture.admin, from(within(workspaceId, null)), from(within(fixture.workspaceId, projectId))];
    const { id: taskId } = await addTask(fixture, { agentId: worker.id });
    // In one turn: they are read together, each with its own reach.
    const [mine, ...others] = await Promise.allSettled(
      callers.map((caller) => waitForTask(runtime, watch, caller, { taskId, waitMs: 0 })),
    );
    expect(mine).toMatchObject({ status: "fulfilled", value: { ended: false } });
    for (const other of others) expect(other).toMatchObject({ status: "rejected", reason: expect.any(NotFound) });
    await expect(waitForTask(runtime, watch, fixture.admin, { taskId: newId() })).rejects.toThrow(NotFound);
    await ended(taskId);
  });

  it("costs a few statements when a thousand wait", async () => {
    const tasks = Array.from({ length: 1_000 }, () => input({ agentId: worker.id }));
    const created = await createTasks(fixture.runtime, fixture.admin, { tasks });
    const begun = performance.now();
    const waiting = created.map(({ task }) =>
      waitForTask(runtime, watch, fixture.admin, { taskId: task.id, waitMs: 60_000 }),
    );
    await eventually(() => statements.some((text) => text.includes("chunkCount")));
    await eventually(async () => {
      await work();
      const left = await claimReady(fixture.runtime, worker.caller, { ...worker, max: 1 });
      return left.length === 0;
    });
    const results = await Promise.all(waiting);
    expect(results.every((result) => result.ended && result.task.output === "done")).toBe(true);
    expect(results.map((result) => result.task.id)).toEqual(created.map(({ task }) => task.id));
    // Ten to begin with, ten at the end or a few more as they come, and two looks a second between.
    const looks = 2 * ((performance.now() - begun) / 1_000);
    expect(statements.length).toBeLessThan(80 + 2 * looks);
  }, 60_000);

  it("goes on when the database was away", async () => {
    const errors: Error[] = [];
    const failing: Runtime = {
      ...runtime,
      database: {
        ...runtime.database,
        run(statement, values) {
          if (statement.text.includes("chunkCount") && errors.length < 2) return Promise.reject(new Error("away"));
          return runtime.database.run(statement, values);
        },
      },
    };
    const own = new TaskWatch(failing, (error) => errors.push(error));
    const { id: taskId } = await addTask(fixture, { agentId: worker.id });
    const waiting = waitForTask(runtime, own, fixture.admin, { taskId, waitMs: 20_000 });
    await ended(taskId);
    expect(await waiting).toMatchObject({ ended: true });
    expect(errors).toHaveLength(2);
    await own.close();
  });
});
