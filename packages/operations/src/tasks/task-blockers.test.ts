import { Forbidden } from "@muster/domain/errors.ts";
import { formatId } from "@muster/domain/ids.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { addTask, addWorker, type Worker } from "../../test/workers.ts";
import { seeToFollowUps } from "../follow-ups/see-to-follow-ups.ts";
import { updateWorkspace } from "../projects/update-workspace.ts";
import { pauseQueue } from "../queues/pause-queue.ts";
import { resumeQueue } from "../queues/resume-queue.ts";
import { updateQueue } from "../queues/update-queue.ts";
import { deleteRateLimit } from "../rate-limits/delete-rate-limit.ts";
import { setRateLimit } from "../rate-limits/set-rate-limit.ts";
import { claimReady } from "./claim-tasks.ts";
import { completeTask } from "./complete-task.ts";
import { failTask } from "./fail-task.ts";
import { startTask } from "./start-task.ts";
import { readTaskBlockers } from "./task-blockers.ts";

const HOUR = 3_600_000;

let fixture: Fixture;
beforeEach(async () => {
  fixture = await createFixture();
});
afterEach(() => fixture.close());

const blockersOf = ({ id }: { id: string }) => only(readTaskBlockers(fixture.runtime, fixture.admin, [id]));
const reasonsOf = async (task: { id: string }) => (await blockersOf(task)).map(({ reason }) => reason);
const claim = (worker: Worker, max = 100) => claimReady(fixture.runtime, worker.caller, { ...worker, max });

async function startOne(worker: Worker) {
  const [task] = await claim(worker, 1);
  const reference = { taskId: task!.id, attempt: task!.attempt };
  await startTask(fixture.runtime, worker.caller, reference);
  return reference;
}

const finish = async (worker: Worker, reference: { taskId: string; attempt: number }) => {
  await completeTask(fixture.runtime, worker.caller, reference);
  await seeToFollowUps(fixture.runtime);
};

describe("what blocks a task", () => {
  it("is nothing when an agent can be given it, and once it has started or ended", async () => {
    const worker = await addWorker(fixture);
    const task = await addTask(fixture);
    expect(await blockersOf(task)).toEqual([]);
    const reference = await startOne(worker);
    expect(await blockersOf(task)).toEqual([]);
    await finish(worker, reference);
    expect(await blockersOf(task)).toEqual([]);
  });

  it("is a task that holds its concurrency key", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 5 });
    const key = { concurrencyKey: "k", concurrencyLimit: 2 };
    const holders = [await addTask(fixture, key), await addTask(fixture, key)];
    const first = await startOne(worker);
    const task = await addTask(fixture, key);
    expect(await blockersOf(task)).toEqual([]);
    await startOne(worker);
    const blocked = { reason: "CONCURRENCY_KEY", key: "k", limit: 2, running: 2, taskId: holders[0]!.id };
    expect(await blockersOf(task)).toMatchObject([blocked]);
    expect((await blockersOf(task))[0]?.message).toContain(formatId("task", holders[0]!.id));
    await claim(worker);
    expect(await blockersOf(task)).toMatchObject([blocked]);
    expect(await reasonsOf(await addTask(fixture, { concurrencyKey: "k", concurrencyLimit: 3 }))).toEqual([]);
    expect(await reasonsOf(await addTask(fixture, { concurrencyKey: "other" }))).toEqual([]);
    await completeTask(fixture.runtime, worker.caller, first);
    expect(await blockersOf(task)).toMatchObject([{ reason: "CONCURRENCY_KEY", running: 1 }]);
    await seeToFollowUps(fixture.runtime);
    expect(await blockersOf(task)).toEqual([]);
    // What is held has the second place.
    expect(await blockersOf(await addTask(fixture, { concurrencyKey: "k" }))).toEqual([]);
  });

  it("is a rate limit without a token, until it has one", async () => {
    const limit = { projectId: fixture.projectId, key: "r" };
    await setRateLimit(fixture.runtime, fixture.admin, { ...limit, max: 1, periodMs: HOUR });
    const worker = await addWorker(fixture, { maxConcurrency: 5 });
    await addTask(fixture, { rateLimitKey: "r" });
    const task = await addTask(fixture, { rateLimitKey: "r" });
    expect(await blockersOf(task)).toEqual([]);
    await claim(worker, 1);
    const inAnHour = async () => {
      const [blocker, ...others] = await blockersOf(task);
      expect(others).toEqual([]);
      expect(blocker).toMatchObject({ reason: "RATE_LIMIT", key: "r", limit: 1 });
      expect(Math.abs(blocker!.until!.getTime() - Date.now() - HOUR)).toBeLessThan(60_000);
    };
    await inAnHour();
    const last = await addTask(fixture, { rateLimitKey: "r" });
    await claim(worker);
    await inAnHour();
    const [later] = await blockersOf(last);
    expect(Math.abs(later!.until!.getTime() - Date.now() - 2 * HOUR)).toBeLessThan(60_000);
    await deleteRateLimit(fixture.runtime, fixture.admin, limit);
    expect(await blockersOf(task)).toEqual([]);
  });

  it("is each task that it waits for", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 5 });
    const needed = [await addTask(fixture), await addTask(fixture)].map(({ id }) => id).toSorted();
    const task = await addTask(fixture, { dependsOn: needed });
    expect(await blockersOf(task)).toMatchObject(needed.map((taskId) => ({ reason: "WAITING_FOR_TASK", taskId })));
    const first = await startOne(worker);
    await finish(worker, first);
    const left = needed.filter((id) => id !== first.taskId);
    expect(await blockersOf(task)).toMatchObject(left.map((taskId) => ({ reason: "WAITING_FOR_TASK", taskId })));
    const second = await startOne(worker);
    await completeTask(fixture.runtime, worker.caller, second);
    expect(await reasonsOf(task)).toEqual(["WAITING_FOR_TASK"]);
    await seeToFollowUps(fixture.runtime);
    expect(await blockersOf(task)).toEqual([]);
  });

  it("is its time, and after a failure its backoff", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 5 });
    const runAt = new Date(Date.now() + HOUR);
    const delayed = await addTask(fixture, { runAt });
    expect(await blockersOf(delayed)).toMatchObject([{ reason: "DELAYED_UNTIL", until: runAt }]);
    await fixture.database.query(sql`
      update tasks set run_at = clock_timestamp(), parked_for = null, parked_until = null where id = ${delayed.id}`);
    expect(await blockersOf(delayed)).toEqual([]);
    const backoff = { initialMs: HOUR, factor: 1, maxMs: HOUR };
    const failing = await addTask(fixture, { backoff, priority: 9 });
    const reference = await startOne(worker);
    await failTask(fixture.runtime, worker.caller, { ...reference, message: "no" });
    const [blocker] = await blockersOf(failing);
    expect(blocker?.reason).toBe("RETRY_BACKOFF");
    expect(Math.abs(blocker!.until!.getTime() - Date.now() - HOUR)).toBeLessThan(60_000);
  });

  it("is a queue that is paused, or of which enough are held", async () => {
    const { runtime, admin, projectId } = fixture;
    const queue = { projectId, queue: "mails" };
    const worker = await addWorker(fixture, { maxConcurrency: 5 });
    await addTask(fixture, { queue: "mails" });
    await claim(worker);
    const task = await addTask(fixture, { queue: "mails" });
    const other = await addTask(fixture, { queue: "other" });
    const { id: queueId } = await pauseQueue(runtime, admin, { ...queue, reason: "the server is down" });
    const [paused] = await blockersOf(task);
    expect(paused).toMatchObject({ reason: "QUEUE_PAUSED", queueId });
    expect(paused?.message).toContain("the server is down");
    expect(paused?.message).toContain("admin");
    await updateQueue(runtime, admin, { ...queue, maxRunning: 1 });
    expect(await blockersOf(task)).toMatchObject([
      { reason: "QUEUE_PAUSED" },
      { reason: "QUEUE_LIMIT", queueId, limit: 1, running: 1 },
    ]);
    await resumeQueue(runtime, admin, queue);
    expect(await reasonsOf(task)).toEqual(["QUEUE_LIMIT"]);
    await updateQueue(runtime, admin, { ...queue, maxRunning: 2 });
    expect([await blockersOf(task), await blockersOf(other)]).toEqual([[], []]);
  });

  it("is the workspace's limit, over all its projects", async () => {
    const { runtime, admin, workspaceId } = fixture;
    const worker = await addWorker(fixture, { maxConcurrency: 5 });
    await addTask(fixture);
    await claim(worker);
    const task = await addTask(fixture);
    await updateWorkspace(runtime, admin, { workspaceId, maxRunningTasks: 1 });
    expect(await blockersOf(task)).toMatchObject([{ reason: "WORKSPACE_LIMIT", limit: 1, running: 1 }]);
    expect(await claim(worker)).toEqual([]);
    await updateWorkspace(runtime, admin, { workspaceId, maxRunningTasks: 2 });
    expect(await blockersOf(task)).toEqual([]);
    expect(await claim(worker)).toHaveLength(1);
  });

  it("is that the agent has not started it, and nothing else", async () => {
    const worker = await addWorker(fixture);
    const task = await addTask(fixture);
    await pauseQueue(fixture.runtime, fixture.admin, { projectId: fixture.projectId, queue: "other", reason: "r" });
    const [given] = await claim(worker);
    expect(await blockersOf(task)).toMatchObject([
      { reason: "START_PENDING", agentId: worker.id, until: given!.leaseUntil },
    ]);
  });

  it("is a deadline that has passed, before all else", async () => {
    const task = await addTask(fixture, { deadline: new Date(Date.now() + HOUR) });
    expect(await reasonsOf(task)).toEqual(["NO_AGENT_WITH_CAPABILITY"]);
    await fixture.database.query(
      sql`update tasks set deadline = clock_timestamp() - interval '1 s' where id = ${task.id}`,
    );
    expect(await reasonsOf(task)).toEqual(["DEADLINE_PASSED", "NO_AGENT_WITH_CAPABILITY"]);
    await addWorker(fixture);
    expect(await reasonsOf(task)).toEqual(["DEADLINE_PASSED"]);
  });

  it("is all that holds at once, the most decisive first, and each says what to do", async () => {
    const { runtime, admin, projectId, workspaceId } = fixture;
    const worker = await addWorker(fixture);
    await setRateLimit(runtime, admin, { projectId, key: "r", max: 1, periodMs: HOUR });
    const task = { queue: "mails", concurrencyKey: "k", rateLimitKey: "r" };
    await addTask(fixture, task);
    await claim(worker);
    await updateWorkspace(runtime, admin, { workspaceId, maxRunningTasks: 1 });
    await updateQueue(runtime, admin, { projectId, queue: "mails", maxRunning: 1 });
    await pauseQueue(runtime, admin, { projectId, queue: "mails", reason: "r" });
    const blocked = await addTask(fixture, { ...task, runAt: new Date(Date.now() + HOUR) });
    const blockers = await blockersOf(blocked);
    expect(blockers.map(({ reason }) => reason)).toEqual([
      "DELAYED_UNTIL",
      "QUEUE_PAUSED",
      "WORKSPACE_LIMIT",
      "QUEUE_LIMIT",
      "CONCURRENCY_KEY",
      "RATE_LIMIT",
      "AGENTS_BUSY",
    ]);
    for (const { message } of blockers) expect(message).toMatch(/^[A-Z].*\.$/s);
  });

  it("is not for those who may not read it", async () => {
    const reach = await addProject(fixture.database);
    const task = await addTask(fixture);
    const permissions = new Set(PERMISSIONS);
    const foreign = callerOf({ kind: "API_KEY", name: "foreign", permissions, reach });
    expect(await only(readTaskBlockers(fixture.runtime, foreign, [task.id]))).toEqual([]);
    const unable = callerOf({ kind: "API_KEY", name: "unable", permissions: new Set() });
    await expect(readTaskBlockers(fixture.runtime, unable, [task.id])).rejects.toThrow(Forbidden);
  });
});
