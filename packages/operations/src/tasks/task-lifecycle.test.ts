import { within } from "@muster/domain/actor.ts";
import { Forbidden, IllegalTransition, LeaseLost, NotFound } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { addTask, addWorker, agentRow, eventsOf, type Worker } from "../../test/workers.ts";
import { newId } from "../new-id.ts";
import { cancelTask } from "./cancel-task.ts";
import { claimReady } from "./claim-tasks.ts";
import { completeTask } from "./complete-task.ts";
import { failTask } from "./fail-task.ts";
import { returnDueTasks } from "./park-tasks.ts";
import { reportProgress } from "./report-progress.ts";
import { retryTask } from "./retry-task.ts";
import { startTask } from "./start-task.ts";
import { countTasksByState, getTasks, listTaskChunks, listTasks } from "./task-queries.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const claim = (worker: Worker, max = 10) => claimReady(fixture.runtime, worker.caller, { ...worker, max });
const read = async (id: string) => (await getTasks(fixture.runtime, fixture.admin, [id]))[0];

/** A task that this worker alone can take, claimed and, unless told otherwise, started. */
async function taskFor(worker: Worker, input: Parameters<typeof addTask>[1] = {}, started = true) {
  const { id: taskId } = await addTask(fixture, { agentId: worker.id, ...input });
  const [task] = await claim(worker, 1);
  expect(task?.id).toBe(taskId);
  const attempt = task?.attempt ?? 0;
  if (started) await startTask(fixture.runtime, worker.caller, { taskId, attempt });
  return { taskId, attempt };
}

describe("the run of a task", () => {
  it("goes from QUEUED to SUCCEEDED with an event for each step, and its agent from ONLINE over BUSY to IDLE", async () => {
    const worker = await addWorker(fixture);
    const run = await taskFor(worker);
    expect(await agentRow(fixture, worker.id)).toMatchObject({ state: "BUSY", activeTasks: 1, held: 1, version: 2 });
    const done = await completeTask(fixture.runtime, worker.caller, { ...run, output: { ok: true } });
    expect(done).toMatchObject({ state: "SUCCEEDED", attempt: 1, failures: 0, version: 4, leaseUntil: null });
    expect(await read(run.taskId)).toMatchObject({
      state: "SUCCEEDED",
      output: { ok: true },
      attempt: 1,
      failures: 0,
      version: 4,
      leaseUntil: null,
    });
    expect(done.startedAt).toBeInstanceOf(Date);
    expect(done.finishedAt).toBeInstanceOf(Date);
    expect(await agentRow(fixture, worker.id)).toMatchObject({ state: "IDLE", activeTasks: 0, held: 0, version: 3 });
    const events = await eventsOf(fixture, run.taskId);
    expect(
      events.map((event) => [
        event.payload["action"],
        event.payload["from"],
        event.payload["to"],
        event.subjectVersion,
      ]),
    ).toEqual([
      ["CREATE", null, "QUEUED", 1],
      ["ASSIGN", "QUEUED", "ASSIGNED", 2],
      ["START", "ASSIGNED", "RUNNING", 3],
      ["COMPLETE", "RUNNING", "SUCCEEDED", 4],
    ]);
    expect(new Set(events.map((event) => event.agentId))).toEqual(new Set([worker.id]));
    expect(events[3]).toMatchObject({
      actorKind: "AGENT",
      payload: { attempt: 1, kind: "build", durationMs: expect.any(Number) as number },
    });
    const moves = (await eventsOf(fixture, worker.id)).map((event) => [event.payload["action"], event.subjectVersion]);
    expect(moves).toEqual([
      ["ASSIGN", 2],
      ["RELEASE", 3],
    ]);
  });

  it("is answered again when a call is repeated, by the same caller only", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 2 });
    const run = await taskFor(worker);
    expect(await startTask(fixture.runtime, worker.caller, run)).toMatchObject({ state: "RUNNING" });
    await completeTask(fixture.runtime, worker.caller, { ...run, output: 1 });
    expect(await completeTask(fixture.runtime, worker.caller, { ...run, output: 2 })).toMatchObject({
      state: "SUCCEEDED",
    });
    expect(await read(run.taskId)).toMatchObject({ state: "SUCCEEDED", output: 1 });
    await expect(startTask(fixture.runtime, worker.caller, run)).rejects.toThrow(LeaseLost);
    await expect(completeTask(fixture.runtime, fixture.admin, run)).rejects.toThrow(LeaseLost);
    await expect(failTask(fixture.runtime, worker.caller, { ...run, message: "no" })).rejects.toThrow(LeaseLost);
    const failing = await taskFor(worker, { backoff: { initialMs: 0, factor: 1, maxMs: 0 } });
    await failTask(fixture.runtime, worker.caller, { ...failing, message: "no" });
    expect(await failTask(fixture.runtime, worker.caller, { ...failing, message: "no" })).toMatchObject({
      state: "QUEUED",
      failures: 1,
    });
    expect(await agentRow(fixture, worker.id)).toMatchObject({ activeTasks: 0, held: 0 });
  });

  it("retries with growing backoff until no failures are left", async () => {
    const worker = await addWorker(fixture);
    const backoff = { initialMs: 40, factor: 3, maxMs: 100 };
    const { taskId } = await taskFor(worker, { maxFailures: 3, backoff });
    const waits: number[] = [];
    for (let attempt = 1; ; attempt += 1) {
      const error = { kind: "lint", message: `no ${attempt}` };
      const task = await failTask(fixture.runtime, worker.caller, { taskId, attempt, ...error });
      expect(task).toMatchObject({ failures: attempt, error: { ...error, retryable: true } });
      if (task.state === "FAILED") break;
      expect(task.state).toBe("QUEUED");
      waits.push(task.runAt.getTime() - task.stateSince.getTime());
      expect(await claim(worker)).toEqual([]);
      await fixture.database.query(sql`
        update tasks set run_at = clock_timestamp(), parked_until = clock_timestamp() where id = ${taskId}`);
      await returnDueTasks(fixture.database);
      expect(await claim(worker)).toMatchObject([{ attempt: attempt + 1 }]);
      await startTask(fixture.runtime, worker.caller, { taskId, attempt: attempt + 1 });
    }
    expect(waits).toEqual([40, 100]);
    expect(await read(taskId)).toMatchObject({ state: "FAILED", failures: 3, attempt: 3 });
    const last = (await eventsOf(fixture, taskId)).at(-1);
    expect(last?.payload).toMatchObject({ action: "FAIL", error: { kind: "lint", message: "no 3" } });
  });

  it("fails at once when the failure is not retryable", async () => {
    const worker = await addWorker(fixture);
    const run = await taskFor(worker);
    expect(
      await failTask(fixture.runtime, worker.caller, { ...run, message: "never", retryable: false }),
    ).toMatchObject({
      state: "FAILED",
      failures: 1,
      error: { kind: "error", message: "never", retryable: false },
    });
  });

  it("is fenced by attempt and holder", async () => {
    const [worker, other] = [await addWorker(fixture, { maxConcurrency: 2 }), await addWorker(fixture)];
    const run = await taskFor(worker);
    const stale = { ...run, attempt: 2 };
    await expect(completeTask(fixture.runtime, worker.caller, stale)).rejects.toMatchObject({ currentAttempt: 1 });
    await expect(reportProgress(fixture.runtime, worker.caller, { ...stale, progress: 1 })).rejects.toThrow(LeaseLost);
    for (const operation of [
      () => completeTask(fixture.runtime, other.caller, run),
      () => failTask(fixture.runtime, other.caller, { ...run, message: "mine" }),
      () => reportProgress(fixture.runtime, other.caller, { ...run, progress: 1 }),
    ]) {
      await expect(operation()).rejects.toThrow(Forbidden);
    }
    await expect(completeTask(fixture.runtime, worker.caller, { taskId: newId(), attempt: 1 })).rejects.toThrow(
      NotFound,
    );
    expect(await read(run.taskId)).toMatchObject({ state: "RUNNING", version: 3 });
    const offered = await taskFor(worker, {}, false);
    await expect(startTask(fixture.runtime, other.caller, offered)).rejects.toThrow(Forbidden);
    await expect(completeTask(fixture.runtime, worker.caller, offered)).rejects.toThrow(LeaseLost);
  });
});

describe("progress", () => {
  it("keeps the lease, and its chunks in order, without events", async () => {
    const worker = await addWorker(fixture);
    const run = await taskFor(worker);
    await fixture.database.query(
      sql`update tasks set lease_until = clock_timestamp() + interval '1 second' where id = ${run.taskId}`,
    );
    const { leaseUntil } = (await read(run.taskId))!;
    const chunks = Array.from({ length: 20 }, (_, n) => n);
    await Promise.all(chunks.map((chunk) => reportProgress(fixture.runtime, worker.caller, { ...run, chunk })));
    await reportProgress(fixture.runtime, worker.caller, { ...run, progress: 0.5, message: "half" });
    const task = (await read(run.taskId))!;
    expect(task).toMatchObject({ progress: 0.5, progressMessage: "half", version: 3, chunkCount: 20 });
    expect(task.leaseUntil!.getTime()).toBeGreaterThan(leaseUntil!.getTime() + 20_000);
    await reportProgress(fixture.runtime, worker.caller, run);
    expect(await read(run.taskId)).toMatchObject({ progress: 0.5, leaseUntil: task.leaseUntil });
    const page = await only(listTaskChunks(fixture.runtime, fixture.admin, [run.taskId], { first: 15 }));
    expect(page.edges.map((edge) => edge.node.number)).toEqual(chunks.slice(0, 15).map((n) => n + 1));
    const rest = await only(
      listTaskChunks(fixture.runtime, fixture.admin, [run.taskId], { after: page.edges.at(-1)!.cursor }),
    );
    expect([...page.edges, ...rest.edges].map((edge) => edge.node.chunk).sort()).toEqual([...chunks].sort());
    expect(await eventsOf(fixture, run.taskId)).toHaveLength(3);
  });
});

describe("cancelling", () => {
  it("ends at once what does not run, and lets its agent go", async () => {
    const worker = await addWorker(fixture);
    const queued = await addTask(fixture, { kind: "none" });
    expect(await cancelTask(fixture.runtime, fixture.admin, { taskId: queued.id, reason: "no" })).toMatchObject({
      state: "CANCELLED",
    });
    expect(await read(queued.id)).toMatchObject({ cancelReason: "no" });
    const { taskId } = await taskFor(worker, {}, false);
    expect(await cancelTask(fixture.runtime, fixture.admin, { taskId, reason: "no" })).toMatchObject({
      state: "CANCELLED",
    });
    expect(await agentRow(fixture, worker.id)).toMatchObject({ state: "IDLE", activeTasks: 0 });
    await expect(cancelTask(fixture.runtime, fixture.admin, { taskId, reason: "again" })).rejects.toThrow(
      IllegalTransition,
    );
    await expect(cancelTask(fixture.runtime, worker.caller, { taskId, reason: "no" })).rejects.toThrow(Forbidden);
    await expect(cancelTask(fixture.runtime, fixture.admin, { taskId: newId(), reason: "no" })).rejects.toThrow(
      NotFound,
    );
  });

  it("asks a run to stop: it confirms, or completes all the same", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 2 });
    const [first, second] = [await taskFor(worker), await taskFor(worker)];
    for (const { taskId } of [first, second]) {
      const task = await cancelTask(fixture.runtime, fixture.admin, { taskId, reason: "stop" });
      expect(task).toMatchObject({ state: "CANCELLING" });
      expect(task.cancelUntil!.getTime() - task.stateSince.getTime()).toBe(fixture.runtime.settings.cancelGraceMs);
      await expect(cancelTask(fixture.runtime, fixture.admin, { taskId, reason: "stop" })).rejects.toMatchObject({
        state: "CANCELLING",
        allowed: [],
      });
    }
    expect(await agentRow(fixture, worker.id)).toMatchObject({ state: "BUSY", activeTasks: 2, held: 2 });
    expect(await reportProgress(fixture.runtime, worker.caller, { ...first, progress: 0.1 })).toMatchObject({
      state: "CANCELLING",
    });
    expect(
      await failTask(fixture.runtime, worker.caller, { ...first, kind: "cancelled", message: "stopped" }),
    ).toMatchObject({
      state: "CANCELLED",
      failures: 0,
      cancelUntil: null,
    });
    expect(await completeTask(fixture.runtime, worker.caller, { ...second, output: 3 })).toMatchObject({
      state: "SUCCEEDED",
    });
    expect(await read(second.taskId)).toMatchObject({ output: 3 });
    expect(await agentRow(fixture, worker.id)).toMatchObject({ state: "IDLE", activeTasks: 0 });
  });
});

describe("retryTask", () => {
  it("makes a new task that is linked to the ended one", async () => {
    const worker = await addWorker(fixture);
    const run = await taskFor(worker, { priority: 7, idempotencyKey: "once", maxFailures: 2 });
    await expect(retryTask(fixture.runtime, fixture.admin, { taskId: run.taskId })).rejects.toMatchObject({
      state: "RUNNING",
      action: "RETRY",
      allowed: ["CANCEL"],
    });
    await completeTask(fixture.runtime, worker.caller, run);
    const first = await read(run.taskId);
    const again = await retryTask(fixture.runtime, fixture.admin, { taskId: run.taskId });
    expect(again).toMatchObject({
      replayOf: run.taskId,
      state: "QUEUED",
      input: { n: 1 },
      priority: 7,
      maxFailures: 2,
      attempt: 0,
    });
    expect(again).toMatchObject({ idempotencyKey: null, targetAgentId: worker.id });
    expect(await retryTask(fixture.runtime, fixture.admin, { taskId: run.taskId, input: 5 })).toMatchObject({
      input: 5,
    });
    expect(await read(run.taskId)).toEqual(first);
    await expect(retryTask(fixture.runtime, fixture.admin, { taskId: newId() })).rejects.toThrow(NotFound);
  });
});

describe("tasks of another tenant", () => {
  it("answer like missing ones", async () => {
    const worker = await addWorker(fixture);
    const run = await taskFor(worker);
    const reach = within(newId(), null);
    const foreign = { ...fixture.admin, actor: { ...fixture.admin.actor, reach } };
    for (const operation of [
      () => completeTask(fixture.runtime, foreign, run),
      () => failTask(fixture.runtime, foreign, { ...run, message: "no" }),
      () => startTask(fixture.runtime, foreign, run),
      () => reportProgress(fixture.runtime, foreign, { ...run, progress: 1 }),
      () => cancelTask(fixture.runtime, foreign, { taskId: run.taskId, reason: "no" }),
      () => retryTask(fixture.runtime, foreign, { taskId: run.taskId }),
      () => addTask({ ...fixture, admin: foreign }),
    ]) {
      await expect(operation()).rejects.toThrow(NotFound);
    }
    expect(await getTasks(fixture.runtime, foreign, [run.taskId])).toEqual([]);
    expect(
      (await only(listTasks(fixture.runtime, foreign, { projectIds: [fixture.projectId] }, { page: {} }))).edges,
    ).toEqual([]);
    expect(
      (await only(countTasksByState(fixture.runtime, foreign, [fixture.projectId]))).every(({ count }) => count === 0),
    ).toBe(true);
    expect((await only(listTaskChunks(fixture.runtime, foreign, [run.taskId], {}))).edges).toEqual([]);
    expect(await read(run.taskId)).toMatchObject({ state: "RUNNING", version: 3 });
  });
});
