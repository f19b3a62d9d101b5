import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addTasks, bulkJobsOn } from "../../test/bulk-jobs.ts";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { holdTask } from "../../test/held-tasks.ts";
import { addWorker, eventsOf } from "../../test/workers.ts";
import { completeTask } from "../tasks/complete-task.ts";
import { failTask } from "../tasks/fail-task.ts";
import { cancelTask } from "../tasks/cancel-task.ts";
import { TaskSweeper } from "../tasks/sweep-tasks.ts";
import type { MovedTask } from "../tasks/task.ts";
import { systemCaller } from "../authorize.ts";
import { callerValues } from "../caller-values.ts";
import { recordTaskOutcomes } from "./record-task-outcomes.ts";
import { runBulkJobs } from "./run-bulk-jobs.ts";

const GRACE_MS = 200;
const LEASE_MS = 300;

let fixture: Fixture;
let jobs: ReturnType<typeof bulkJobsOn>;
beforeAll(async () => {
  fixture = await createFixture({ cancelGraceMs: GRACE_MS, leaseMs: LEASE_MS });
  jobs = bulkJobsOn(fixture);
});
afterAll(() => fixture.close());

/** A task of this kind that an agent of its own runs. */
async function running(kind: string): Promise<MovedTask> {
  const worker = await addWorker(fixture);
  const task = await holdTask(fixture, worker.id);
  await fixture.database.query(sql`update tasks set lease_until = 'infinity', kind = ${kind} where id = ${task.id}`);
  return task;
}

it("cancels what was chosen and nothing that came later, in the name of who asked", async () => {
  const [first = ""] = await addTasks(fixture, 3, { kind: "frozen" });
  const { id } = await jobs.cancel(["frozen"]);
  await addTasks(fixture, 2, { kind: "frozen" });
  const job = await jobs.finish(id);
  expect(job).toMatchObject({
    state: "SUCCEEDED",
    version: 2,
    total: 3,
    succeeded: 3,
    skipped: 0,
    failed: 0,
    pending: 0,
  });
  expect(await jobs.states("frozen")).toEqual({ CANCELLED: 3, QUEUED: 2 });
  expect((await eventsOf(fixture, first)).at(-1)).toMatchObject({
    actorKind: "API_KEY",
    actorName: "admin",
    reason: "too many",
    payload: { from: "QUEUED", to: "CANCELLED", action: "CANCEL" },
  });
  expect((await jobs.events(id)).at(-1)).toMatchObject({
    type: "bulk_job.transitioned",
    version: 2,
    actor: "bulk jobs",
    payload: { from: "RUNNING", to: "SUCCEEDED", action: "SUCCEED", succeeded: 3, pending: 0 },
  });
  const rows = await fixture.database.query<{ correlation: string }>(
    sql`select correlation_id as correlation from events where subject_id = ${first} and payload ->> 'action' = 'CANCEL'`,
  );
  expect(rows).toEqual([{ correlation: "test" }]);
});

it("skips what has ended in the meantime", async () => {
  const [taskId = ""] = await addTasks(fixture, 2, { kind: "ended" });
  const { id } = await jobs.cancel(["ended"]);
  await cancelTask(fixture.runtime, fixture.admin, { taskId, reason: "by hand" });
  expect(await jobs.finish(id)).toMatchObject({ state: "SUCCEEDED", succeeded: 1, skipped: 1 });
  expect((await jobs.targets(id))[0]).toMatchObject({
    outcome: "SKIPPED",
    message: "It had ended before, as CANCELLED.",
  });
  expect(await eventsOf(fixture, taskId)).toHaveLength(2);
});

it("settles a job without targets", async () => {
  const { id, total } = await jobs.cancel(["nothing is called this"]);
  expect(total).toBe(0);
  expect(await jobs.finish(id)).toMatchObject({ state: "SUCCEEDED", version: 2 });
});

it("watches runs until they stop", async () => {
  const [obeys, completes] = [await running("watched"), await running("watched")];
  const { id } = await jobs.cancel(["watched"]);
  await jobs.round();
  expect(await jobs.find(id)).toMatchObject({ state: "RUNNING", started: 2, pending: 0, succeeded: 0 });
  expect(await jobs.states("watched")).toEqual({ CANCELLING: 2 });
  const { runtime, admin } = fixture;
  await failTask(runtime, admin, { taskId: obeys.id, attempt: obeys.attempt, message: "stopped" });
  await completeTask(runtime, admin, { taskId: completes.id, attempt: completes.attempt, output: 1 });
  // Between two looks nothing is looked at, however many batches there are.
  const betweenLooks = [...callerValues(systemCaller("test")), id, [], [], [], false, 60_000];
  expect(await fixture.database.run(recordTaskOutcomes, betweenLooks)).toMatchObject([{ started: 2, succeeded: 0 }]);
  expect(await jobs.finish(id)).toMatchObject({ state: "SUCCEEDED", succeeded: 2, started: 0 });
  const messages = (await jobs.targets(id)).map(({ taskId, outcome, message }) => [taskId, outcome, message]);
  expect(messages).toContainEqual([obeys.id, "SUCCEEDED", null]);
  expect(messages).toContainEqual([completes.id, "SUCCEEDED", "It ended as SUCCEEDED before it stopped."]);
});

it("says which runs had to be ended by force", async () => {
  await running("ignores");
  const { id } = await jobs.cancel(["ignores"]);
  await jobs.round();
  const sweeper = new TaskSweeper(fixture.runtime);
  for (let state; state !== "CANCELLED"; [state] = Object.keys(await jobs.states("ignores"))) await sweeper.sweep();
  expect(await jobs.finish(id)).toMatchObject({ state: "SUCCEEDED", succeeded: 1 });
  expect(await jobs.targets(id)).toMatchObject([
    { outcome: "SUCCEEDED", message: "It did not stop within the grace period." },
  ]);
});

it("reports what has not ended in time, and fails", async () => {
  await running("never ends");
  const { id } = await jobs.cancel(["never ends"]);
  // No sweeper: the grace period passes, and nobody ends the run.
  const job = await jobs.finish(id);
  expect(Number(job.finishedAt) - Number(job.createdAt)).toBeGreaterThan(GRACE_MS + LEASE_MS + 2_000);
  expect(job).toMatchObject({
    state: "FAILED",
    // Asked for, asked to stop, not ended: looks in between that found nothing new are not told.
    version: 3,
    succeeded: 0,
    failed: 1,
    started: 0,
  });
  expect(await jobs.targets(id)).toMatchObject([
    { outcome: "FAILED", message: "It was asked to stop, and has not ended." },
  ]);
  expect((await jobs.events(id)).at(-1)).toMatchObject({ payload: { to: "FAILED", action: "FAIL", failed: 1 } });
  expect(await jobs.states("never ends")).toEqual({ CANCELLING: 1 });
});

it("watches what somebody else has asked to stop", async () => {
  const task = await running("asked");
  await cancelTask(fixture.runtime, fixture.admin, { taskId: task.id, reason: "by hand" });
  const { id, total } = await jobs.cancel(["asked"]);
  expect(total).toBe(1);
  await jobs.round();
  expect(await jobs.find(id)).toMatchObject({ state: "RUNNING", started: 1 });
  await failTask(fixture.runtime, fixture.admin, { taskId: task.id, attempt: task.attempt, message: "stopped" });
  expect(await jobs.finish(id)).toMatchObject({ state: "SUCCEEDED", succeeded: 1 });
});

it("cancels what nobody holds before it frees agents", async () => {
  const held = await running("order");
  const queued = await addTasks(fixture, 2, { kind: "order" });
  const { id } = await jobs.cancel(["order"]);
  expect((await jobs.targets(id)).map(({ taskId }) => taskId)).toEqual([...queued, held.id]);
});

it("runs tasks again as new ones, but none that has succeeded", async () => {
  const failed = await addTasks(fixture, 2, { kind: "again", state: "FAILED" });
  await addTasks(fixture, 1, { kind: "again", state: "SUCCEEDED" });
  const { id } = await jobs.retry(["again"]);
  expect(await jobs.finish(id)).toMatchObject({ kind: "RETRY", state: "SUCCEEDED", total: 2, succeeded: 2 });
  expect(await jobs.states("again")).toEqual({ FAILED: 2, QUEUED: 2, SUCCEEDED: 1 });
  const targets = await jobs.targets(id);
  const replays = await fixture.database.query<{ id: string; replayOf: string }>(
    sql`select id, replay_of as "replayOf" from tasks where kind = 'again' and replay_of is not null`,
  );
  expect(targets.map(({ taskId }) => taskId)).toEqual(failed);
  for (const { taskId, newTaskId } of targets) expect(replays).toContainEqual({ id: newTaskId, replayOf: taskId });
  expect(await eventsOf(fixture, targets[0]?.newTaskId ?? "")).toMatchObject([
    { actorName: "admin", payload: { from: null, to: "QUEUED", action: "CREATE" } },
  ]);
});

it("has several jobs share: a small one is done after one turn of a large one", async () => {
  await addTasks(fixture, 2_000, { kind: "large" });
  await addTasks(fixture, 1, { kind: "small" });
  const large = await jobs.cancel(["large"]);
  const small = await jobs.cancel(["small"]);
  expect(await runBulkJobs(fixture.runtime, () => {})).toBe(true);
  expect(await jobs.find(small.id)).toMatchObject({ state: "SUCCEEDED" });
  expect(await jobs.find(large.id)).toMatchObject({ state: "RUNNING", succeeded: 500, pending: 1_500 });
  await jobs.finish(large.id);
});

it("goes on with other jobs when one fails, and tries that one again", async () => {
  const [taskId = ""] = await addTasks(fixture, 1, { kind: "locked" });
  await addTasks(fixture, 1, { kind: "free" });
  const locked = await jobs.cancel(["locked"]);
  const free = await jobs.cancel(["free"]);
  const errors: Error[] = [];
  await fixture.database.query(
    sql`create function refuse() returns trigger language plpgsql as $$ begin raise 'refused'; end $$`,
  );
  await fixture.database.query(
    sql.raw(
      `create trigger refuse before update on tasks for each row when (old.id = '${taskId}') execute function refuse()`,
    ),
  );
  await runBulkJobs(fixture.runtime, (error) => errors.push(error));
  expect(errors.map(({ message }) => message)).toEqual(["refused"]);
  expect(await jobs.find(free.id)).toMatchObject({ state: "SUCCEEDED" });
  expect(await jobs.find(locked.id)).toMatchObject({ state: "RUNNING", pending: 1 });
  await fixture.database.query(sql`drop trigger refuse on tasks`);
  expect(await jobs.finish(locked.id)).toMatchObject({ state: "SUCCEEDED", succeeded: 1 });
});

it("tells its progress once a second at most, and the end", { timeout: 60_000 }, async () => {
  await addTasks(fixture, 10_000, { kind: "ten thousand" });
  const began = performance.now();
  const { id } = await jobs.cancel(["ten thousand"]);
  expect(await jobs.finish(id)).toMatchObject({ state: "SUCCEEDED", succeeded: 10_000 });
  const seconds = (performance.now() - began) / 1_000;
  expect(await jobs.states("ten thousand")).toEqual({ CANCELLED: 10_000 });
  const events = await jobs.events(id);
  expect(events.map(({ version }) => version)).toEqual(events.map((_, place) => place + 1));
  const progress = events.filter(({ type }) => type === "bulk_job.progressed");
  expect(progress.length).toBeLessThanOrEqual(seconds);
});

it("tells progress in between", async () => {
  await addTasks(fixture, 501, { kind: "slow" });
  const { id } = await jobs.cancel(["slow"]);
  await fixture.database.query(sql`update bulk_jobs set looked_at = looked_at - interval '1 second' where id = ${id}`);
  await runBulkJobs(fixture.runtime, () => {});
  expect((await jobs.events(id)).at(-1)).toMatchObject({
    type: "bulk_job.progressed",
    payload: { total: 501, succeeded: 500, pending: 1 },
  });
  await jobs.finish(id);
});
