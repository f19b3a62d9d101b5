import { LeaseLost } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, agentRow, eventsOf, type Worker } from "../../test/workers.ts";
import { cancelTask } from "./cancel-task.ts";
import { claimReady } from "./claim-tasks.ts";
import { completeTask } from "./complete-task.ts";
import { startTask } from "./start-task.ts";
import { TaskSweeper } from "./sweep-tasks.ts";
import { getTasks } from "./task-queries.ts";

let fixture: Fixture;
let sweeper: TaskSweeper;
beforeAll(async () => {
  fixture = await createFixture({ leaseMs: 400 });
});
afterAll(() => fixture.close());
beforeEach(() => {
  sweeper = new TaskSweeper(fixture.runtime);
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const read = async (id: string) => (await getTasks(fixture.runtime, fixture.admin, [id]))[0];
const past = (column: string, id: string) =>
  fixture.database.query(
    sql`update tasks set ${sql.raw(column)} = clock_timestamp() - interval '1 hour' where id = ${id}`,
  );

/** Sweeps until it has been awake for a lease time and the longest pause, so that it has judged at least once. */
async function judge(judging = sweeper): Promise<void> {
  const { leaseMs } = fixture.runtime.settings;
  let last = performance.now();
  for (let awakeSince = last; last - awakeSince < leaseMs * 1.7;) {
    await sleep(30);
    await judging.sweep();
    const now = performance.now();
    if (now - last > leaseMs * 0.45) awakeSince = now;
    last = now;
  }
}

async function run(worker: Worker, input: Parameters<typeof addTask>[1] = {}, started = true) {
  const { id: taskId } = await addTask(fixture, { agentId: worker.id, ...input });
  const [task] = await claimReady(fixture.runtime, worker.caller, { ...worker, max: 1 });
  if (started) await startTask(fixture.runtime, worker.caller, { taskId, attempt: task!.attempt });
  return { taskId, attempt: task!.attempt };
}

describe("a sweep", () => {
  it("tries a run again whose lease has expired, fails the last one, and lets the agents go", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 2 });
    const [first, last] = [await run(worker), await run(worker, { maxFailures: 1 })];
    await past("lease_until", first.taskId);
    await past("lease_until", last.taskId);
    await judge();
    const error = { kind: "lease_expired", message: expect.any(String) as string, retryable: true };
    expect(await read(first.taskId)).toMatchObject({ state: "QUEUED", failures: 1, error, leaseUntil: null });
    expect(await read(last.taskId)).toMatchObject({ state: "FAILED", failures: 1, error });
    expect(await agentRow(fixture, worker.id)).toMatchObject({
      state: "IDLE",
      activeTasks: 0,
      held: 0,
      missedOffers: 0,
    });
    await expect(completeTask(fixture.runtime, worker.caller, { ...first, output: "late" })).rejects.toThrow(LeaseLost);
    expect((await eventsOf(fixture, first.taskId)).at(-1)).toMatchObject({
      actorKind: "SYSTEM",
      actorName: "task sweeper",
      agentId: worker.id,
    });
  });

  it("takes back what was not started in time, and counts it against the agent until it starts something", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 5 });
    const offers = [await run(worker, {}, false), await run(worker, {}, false)];
    expect((await read(offers[0]!.taskId))!.leaseUntil!.getTime()).toBeLessThan(Date.now() + 500);
    for (const { taskId } of offers) await past("lease_until", taskId);
    await judge();
    expect(await read(offers[0]!.taskId)).toMatchObject({ state: "QUEUED", failures: 0, error: null, attempt: 1 });
    expect(await agentRow(fixture, worker.id)).toMatchObject({ activeTasks: 0, missedOffers: 2, state: "IDLE" });
    await expect(startTask(fixture.runtime, worker.caller, offers[0]!)).rejects.toThrow(LeaseLost);
    const [task] = await claimReady(fixture.runtime, worker.caller, { ...worker, max: 1 });
    expect(task?.attempt).toBe(2);
    await startTask(fixture.runtime, worker.caller, { taskId: task!.id, attempt: 2 });
    expect(await agentRow(fixture, worker.id)).toMatchObject({ missedOffers: 0 });
  });

  it("ends attempts over their time, cancellations over their grace, and tasks over their deadline", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 5 });
    const slow = await run(worker, { timeoutMs: 60_000 });
    const stuck = await run(worker);
    await cancelTask(fixture.runtime, fixture.admin, { taskId: stuck.taskId, reason: "stop" });
    const offered = await run(worker, {}, false);
    const queued = await addTask(fixture, { kind: "nobody", deadline: new Date(Date.now() + 60_000) });
    const going = await run(worker, { deadline: new Date(Date.now() + 60_000) });
    await fixture.database.query(
      sql`update tasks set lease_until = clock_timestamp() + interval '1 hour' where lease_until is not null`,
    );
    await judge();
    for (const { taskId } of [slow, stuck, offered, going])
      expect(["RUNNING", "CANCELLING", "ASSIGNED"]).toContain((await read(taskId))!.state);
    await past("timeout_at", slow.taskId);
    await past("cancel_until", stuck.taskId);
    for (const taskId of [offered.taskId, queued.id, going.taskId]) await past("deadline", taskId);
    await judge();
    expect(await read(slow.taskId)).toMatchObject({
      state: "QUEUED",
      failures: 1,
      error: { kind: "timeout" },
      timeoutAt: null,
    });
    expect(await read(stuck.taskId)).toMatchObject({ state: "CANCELLED", cancelUntil: null });
    expect(await read(offered.taskId)).toMatchObject({ state: "EXPIRED" });
    expect(await read(queued.id)).toMatchObject({ state: "EXPIRED" });
    expect(await read(going.taskId)).toMatchObject({ state: "RUNNING" });
    expect(await agentRow(fixture, worker.id)).toMatchObject({ activeTasks: 1, held: 1, state: "BUSY" });
  });

  it("fires what waits for the agent's last task", async () => {
    const worker = await addWorker(fixture);
    const { taskId } = await run(worker);
    await fixture.database.query(sql`
      update agents set pending_action = 'STOP', pending_reason = 'update', pending_since = clock_timestamp(),
        pending_actor = '{"kind": "USER", "id": null, "name": "Kim"}' where id = ${worker.id}`);
    await past("lease_until", taskId);
    await judge();
    expect(await agentRow(fixture, worker.id)).toMatchObject({
      state: "OFFLINE",
      pendingAction: null,
      activeTasks: 0,
      version: 4,
    });
    const events = await eventsOf(fixture, worker.id);
    expect(events.slice(1)).toMatchObject([
      { subjectVersion: 3, actorKind: "SYSTEM", payload: { from: "BUSY", to: "IDLE", action: "RELEASE" } },
      {
        subjectVersion: 4,
        actorKind: "USER",
        actorName: "Kim",
        reason: "update",
        payload: { from: "IDLE", to: "OFFLINE", action: "STOP", mode: "DRAIN" },
      },
    ]);
  });

  it("may run in many processes at once: each task is ended once", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 250 });
    for (let n = 0; n < 25; n += 1) await addTask(fixture, { agentId: worker.id, maxFailures: 1 });
    const tasks = await claimReady(fixture.runtime, worker.caller, { ...worker, max: 250 });
    await Promise.all(
      tasks.map((task) => startTask(fixture.runtime, worker.caller, { taskId: task.id, attempt: task.attempt })),
    );
    const sweepers = Array.from({ length: 5 }, () => new TaskSweeper(fixture.runtime));
    await fixture.database.query(
      sql`update tasks set lease_until = clock_timestamp() - interval '1 hour' where agent_id = ${worker.id}`,
    );
    await Promise.all(sweepers.map(judge));
    for (const task of tasks) expect(await read(task.id)).toMatchObject({ state: "FAILED", version: 4, failures: 1 });
    expect(await agentRow(fixture, worker.id)).toMatchObject({ activeTasks: 0, held: 0, version: 3 });
  });
});

describe("a sweeper that was asleep", () => {
  it("gives the agents one lease time before it judges them, and other limits none", async () => {
    await judge();
    const worker = await addWorker(fixture, { maxConcurrency: 2 });
    const [silent, slow] = [await run(worker), await run(worker, { timeoutMs: 60_000 })];
    await past("lease_until", silent.taskId);
    await past("timeout_at", slow.taskId);
    await sleep(300);
    const noticedAt = performance.now();
    await sweeper.sweep();
    expect(await read(slow.taskId)).toMatchObject({ state: "QUEUED" });
    // On a busy machine the lease time may be over sooner than these rounds.
    for (let round = 0; round < 3; round += 1) {
      const seen = await read(silent.taskId);
      if (performance.now() - noticedAt >= fixture.runtime.settings.leaseMs) break;
      expect(seen).toMatchObject({ state: "RUNNING" });
      await sleep(90);
      await sweeper.sweep();
    }
    await judge();
    expect(await read(silent.taskId)).toMatchObject({ state: "QUEUED" });
  });

  it("waits also when it is new", async () => {
    const worker = await addWorker(fixture);
    const { taskId } = await run(worker);
    await past("lease_until", taskId);
    await new TaskSweeper(fixture.runtime).sweep();
    expect(await read(taskId)).toMatchObject({ state: "RUNNING" });
  });
});
