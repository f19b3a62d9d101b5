import { within } from "@muster/domain/actor.ts";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { openDatabase } from "@muster/database/database.ts";
import { Forbidden, IllegalTransition, NotFound } from "@muster/domain/errors.ts";
import { type SQL, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { addTasks, bulkJobsOn } from "../../test/bulk-jobs.ts";
import { violationsIn } from "../../test/consistency.ts";
import { addProject, callerOf, createFixture, type Fixture, removeAgent } from "../../test/fixtures.ts";
import { holdTask } from "../../test/held-tasks.ts";
import { rollbacksOn } from "../../test/rollbacks.ts";
import { addWorker, agentRow, eventually } from "../../test/workers.ts";
import { transitionAgent } from "../agents/transition-agent.ts";
import type { Runtime } from "../runtime.ts";
import { cancelTask } from "../tasks/cancel-task.ts";
import { failTask } from "../tasks/fail-task.ts";
import { abortBulkJob } from "./abort-bulk-job.ts";
import { runBulkJobs } from "./run-bulk-jobs.ts";
import { takeTurn } from "./take-turn.ts";

let fixture: Fixture;
let jobs: ReturnType<typeof bulkJobsOn>;
beforeAll(async () => {
  fixture = await createFixture();
  jobs = bulkJobsOn(fixture);
});
afterAll(() => fixture.close());

const abort = (jobId: string, caller = fixture.admin) =>
  abortBulkJob(fixture.runtime, caller, { jobId, reason: "enough" });

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Locks rows in a transaction of its own, until the returned function is called. */
async function lock(rows: SQL): Promise<() => Promise<void>> {
  const [locked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const held = fixture.database.transaction(async (transaction) => {
    await transaction.query(rows);
    locked.resolve();
    await released.promise;
  });
  await locked.promise;
  const release = async () => {
    released.resolve();
    await held;
  };
  onTestFinished(release);
  return release;
}

/** Another replica: what it runs goes over connections of its own. */
function replica(): Runtime {
  const database = openDatabase({ url: fixture.url, connections: 2 });
  onTestFinished(() => database.close());
  return { ...fixture.runtime, database };
}

it("does nothing after an abort, and says what is left", async () => {
  await addTasks(fixture, 501, { kind: "aborted" });
  const { id } = await jobs.cancel(["aborted"]);
  await runBulkJobs(fixture.runtime, () => {});
  const aborted = await abort(id);
  expect(aborted).toMatchObject({ state: "ABORTED", succeeded: 500, pending: 1, started: 0 });
  expect(aborted.finishedAt).not.toBeNull();
  expect(await fixture.database.run(takeTurn, [id])).toEqual([]);
  await jobs.round();
  expect(await jobs.states("aborted")).toEqual({ CANCELLED: 500, QUEUED: 1 });
  expect((await jobs.events(id)).at(-1)).toMatchObject({
    type: "bulk_job.transitioned",
    actor: "admin",
    reason: "enough",
    payload: { from: "RUNNING", to: "ABORTED", action: "ABORT", succeeded: 500, pending: 1 },
  });
  await expect(abort(id)).rejects.toThrow(IllegalTransition);
});

it("makes an abort wait for the batch that is under way", async () => {
  const [taskId = ""] = await addTasks(fixture, 501, { kind: "under way" });
  const { id } = await jobs.cancel(["under way"]);
  const release = await lock(sql`select from tasks where id = ${taskId} for update`);
  const turn = runBulkJobs(replica(), () => {});
  await eventually(async () => {
    const waiting = await fixture.database.query(
      sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return waiting.length > 0;
  });
  let answered = false;
  const aborting = abort(id).finally(() => (answered = true));
  await pause(200);
  expect(answered).toBe(false);
  await release();
  expect(await aborting).toMatchObject({ state: "ABORTED", succeeded: 500, pending: 1 });
  expect(await jobs.states("under way")).toEqual({ CANCELLED: 500, QUEUED: 1 });
  await turn;
  await jobs.round();
  expect(await jobs.states("under way")).toEqual({ CANCELLED: 500, QUEUED: 1 });
});

it("acts on nothing once an abort has committed, whenever it comes", { timeout: 60_000 }, async () => {
  const replicas = [replica(), replica()];
  for (let round = 0; round < 5; round += 1) {
    const kind = `race ${round}`;
    await addTasks(fixture, 3_000, { kind });
    const { id } = await jobs.cancel([kind]);
    let stopped = false;
    const loops = replicas.map(async (one) => {
      while (!stopped) await runBulkJobs(one, () => {});
    });
    await pause(Math.random() * 400);
    const job = await abort(id).catch((error: unknown) => {
      if (error instanceof IllegalTransition) return jobs.find(id);
      throw error;
    });
    const after = await jobs.states(kind);
    await pause(100);
    stopped = true;
    await Promise.all(loops);
    expect(await jobs.states(kind)).toEqual(after);
    expect(after["CANCELLED"] ?? 0).toBe(job.succeeded);
    expect((await jobs.find(id)).version).toBe(job.version);
  }
});

it("watches those that were asked to stop to the end, also when it is aborted", async () => {
  await addTasks(fixture, 499, { kind: "half" });
  const tasks = [];
  for (let number = 0; number < 2; number += 1) {
    const worker = await addWorker(fixture);
    tasks.push((await holdTask(fixture, worker.id)).id);
  }
  const [first = "", second] = tasks;
  await fixture.database.query(sql`
    update tasks set lease_until = 'infinity', kind = 'half' where id in (${first}, ${second})`);
  const { id } = await jobs.cancel(["half"]);
  await runBulkJobs(fixture.runtime, () => {});
  expect(await abort(id)).toMatchObject({ state: "ABORTED", succeeded: 499, started: 1, pending: 1, finishedAt: null });
  await pause(1_050);
  await jobs.round();
  expect(await jobs.states("half")).toEqual({ CANCELLED: 499, CANCELLING: 1, RUNNING: 1 });
  await failTask(fixture.runtime, fixture.admin, { taskId: first, attempt: 1, message: "stopped" });
  expect(await jobs.finish(id)).toMatchObject({ state: "ABORTED", succeeded: 500, started: 0, pending: 1 });
  expect((await jobs.events(id)).at(-1)).toMatchObject({ type: "bulk_job.progressed", payload: { succeeded: 500 } });
  expect(await jobs.states("half")).toEqual({ CANCELLED: 500, RUNNING: 1 });
});

it("needs the permission of the job's kind to abort it, within reach", async () => {
  await addTasks(fixture, 1, { kind: "kept", state: "CANCELLED" });
  const { id } = await jobs.retry(["kept"]);
  const other = within((await addProject(fixture.database)).workspaceId, null);
  const with_ = (permission: "task.cancel" | "task.retry" | "task.read", reach = fixture.admin.actor.reach) =>
    callerOf({ kind: "API_KEY", name: "some", reach, permissions: new Set([permission]) });
  await expect(abort(id, with_("task.cancel"))).rejects.toThrow(new Forbidden("task.retry"));
  await expect(abort(id, with_("task.read"))).rejects.toThrow(Forbidden);
  await expect(abort(id, with_("task.retry", other))).rejects.toThrow(NotFound);
  expect(await abort(id, with_("task.retry"))).toMatchObject({ state: "ABORTED" });
});

it("does nothing twice with several replicas", { timeout: 60_000 }, async () => {
  await addTasks(fixture, 3_000, { kind: "shared", state: "CANCELLED" });
  const { id } = await jobs.retry(["shared"]);
  const replicas = [replica(), replica(), replica()];
  await Promise.all(replicas.map((one) => jobs.finish(id, one)));
  expect(await jobs.find(id)).toMatchObject({ state: "SUCCEEDED", succeeded: 3_000 });
  expect(await jobs.states("shared")).toEqual({ CANCELLED: 3_000, QUEUED: 3_000 });
  const events = await jobs.events(id);
  expect(events.filter(({ type }) => type === "bulk_job.transitioned")).toHaveLength(1);
  expect(events.map(({ version }) => version)).toEqual(events.map((_, place) => place + 1));
});

it("loses nothing and does nothing twice when a process is killed between acting and writing it down", async () => {
  await addTasks(fixture, 600, { kind: "killed", state: "CANCELLED" });
  const { id } = await jobs.retry(["killed"]);
  const release = await lock(sql`select from bulk_job_targets where job_id = ${id} and number = 1 for update`);
  const script = fileURLToPath(new URL("../../test/run-bulk-jobs-process.ts", import.meta.url));
  const child = spawn(process.execPath, [script, fixture.url], { stdio: "inherit" });
  onTestFinished(() => void child.kill("SIGKILL"));
  await eventually(async () => {
    const waiting = await fixture.database.query(
      sql`select from pg_stat_activity where application_name = 'bulk jobs process' and datname = current_database() and wait_event_type = 'Lock'`,
    );
    return waiting.length > 0;
  });
  child.kill("SIGKILL");
  await release();
  expect(await jobs.finish(id)).toMatchObject({ state: "SUCCEEDED", succeeded: 600 });
  expect(await jobs.states("killed")).toEqual({ CANCELLED: 600, QUEUED: 600 });
});

it("cancels a task also when it is assigned at that moment", async () => {
  const worker = await addWorker(fixture);
  const [taskId = ""] = await addTasks(fixture, 1, { kind: "assigned" });
  const { id } = await jobs.cancel(["assigned"]);
  const release = await lock(sql`
    with held as (update agents set state = 'BUSY', active_tasks = 1, version = version + 1 where id = ${worker.id})
    update tasks set state = 'ASSIGNED', agent_id = ${worker.id}, attempt = 1, version = 2, lease_until = clock_timestamp() + interval '1 minute'
    where id = ${taskId}`);
  const turn = runBulkJobs(fixture.runtime, () => {});
  await eventually(async () => {
    const waiting = await fixture.database.query(
      sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return waiting.length > 0;
  });
  await release();
  await turn;
  expect(await jobs.find(id)).toMatchObject({ state: "SUCCEEDED", succeeded: 1 });
  expect(await jobs.states("assigned")).toEqual({ CANCELLED: 1 });
  expect(await agentRow(fixture, worker.id)).toMatchObject({ state: "IDLE", activeTasks: 0 });
  // It was not assigned by the book.
  await fixture.database.query(sql`delete from events where task_id = ${taskId} or agent_id = ${worker.id}`);
  await fixture.database.query(sql`delete from tasks where id = ${taskId}`);
  await removeAgent(fixture.database, worker.id);
});

it("lets agents go that waited for their last task, and out of what waits for them", async () => {
  const { runtime, admin } = fixture;
  const rollbacks = rollbacksOn(fixture);
  const agent = await rollbacks.agent();
  const contextId = await rollbacks.contextOf([agent], agent.id);
  await rollbacks.rollBack(contextId);
  const task = await holdTask(fixture, agent.id, { start: false });
  await transitionAgent(runtime, admin, { agentId: agent.id, action: "STOP", reason: "home" });
  expect(await agentRow(fixture, agent.id)).toMatchObject({ pendingAction: "STOP" });
  const { id } = await jobs.cancel([task.kind], { filter: { ids: [task.id] } });
  expect(await jobs.finish(id)).toMatchObject({ state: "SUCCEEDED", succeeded: 1 });
  expect(await agentRow(fixture, agent.id)).toMatchObject({ state: "OFFLINE", pendingAction: null, activeTasks: 0 });
  expect(await rollbacks.stateOf(contextId)).toMatchObject({ rollbackState: "SUCCEEDED" });
});

it("agrees with cancellations by hand that come at the same time", async () => {
  const ids = await addTasks(fixture, 200, { kind: "by hand" });
  const { id } = await jobs.cancel(["by hand"]);
  const byHand = ids.map((taskId) =>
    cancelTask(fixture.runtime, fixture.admin, { taskId, reason: "by hand" }).catch((error: unknown) => {
      if (!(error instanceof IllegalTransition)) throw error;
      return null;
    }),
  );
  const [job, ...cancelled] = await Promise.all([jobs.finish(id), ...byHand]);
  const byHandCount = cancelled.filter((task) => task !== null).length;
  expect(job).toMatchObject({ state: "SUCCEEDED", skipped: byHandCount, succeeded: 200 - byHandCount });
});

it("leaves state and history in agreement", async () => {
  await fixture.database.query(sql`analyze`);
  expect(await violationsIn(fixture.database)).toEqual([]);
});
