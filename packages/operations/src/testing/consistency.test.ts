import { sql, type SQL } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { violationsIn } from "../../test/consistency.ts";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { holdTask } from "../../test/held-tasks.ts";
import { addTask, addWorker } from "../../test/workers.ts";
import { acknowledgeContext } from "../contexts/rollbacks/acknowledge-context.ts";
import { openContext } from "../contexts/open-context.ts";
import { rollBackContext } from "../contexts/rollbacks/roll-back-context.ts";
import { writeContext } from "../contexts/versions/write-context.ts";
import { cancelTask } from "../tasks/cancel-task.ts";
import { completeTask } from "../tasks/complete-task.ts";
import { failTask } from "../tasks/fail-task.ts";
import { reportProgress } from "../tasks/report-progress.ts";
import { INVARIANTS } from "./consistency.ts";
import { SETTLED_INVARIANTS } from "./settled-invariants.ts";

let fixture: Fixture;
let ids: Record<
  "worker" | "idle" | "done" | "retried" | "running" | "cancelling" | "keyed" | "delayed" | "context" | "plan",
  string
>;

beforeAll(async () => {
  fixture = await createFixture();
  const { runtime, admin } = fixture;
  const [worker, idle] = [await addWorker(fixture), await addWorker(fixture)];
  const hold = async (
    ...options: Parameters<typeof holdTask> extends [unknown, unknown, ...infer Rest] ? Rest : never
  ) => {
    const { id: taskId, attempt } = await holdTask(fixture, worker.id, ...options);
    return { taskId, attempt };
  };
  const done = await hold();
  await reportProgress(runtime, admin, { ...done, chunk: "half" });
  await completeTask(runtime, admin, { ...done, output: 1 });
  const retried = await hold();
  await failTask(runtime, admin, { ...retried, message: "no" });
  const running = await hold();
  const cancelling = await hold();
  await cancelTask(runtime, admin, { taskId: cancelling.taskId, reason: "stop" });
  const keyed = await addTask(fixture, { concurrencyKey: "one", idempotencyKey: "once" });
  const delayed = await addTask(fixture, { runAt: new Date(Date.now() + 3_600_000) });
  const { projectId } = fixture;
  const memory = await openContext(runtime, admin, { projectId, agentId: idle.id, name: "memory" });
  for (const data of [1, 2]) await writeContext(runtime, admin, { contextId: memory.id, data });
  const context = await openContext(runtime, admin, { projectId, name: "notes" });
  for (const n of [1, 2])
    await writeContext(runtime, admin, { contextId: context.id, data: { n, text: "long ".repeat(99) } });
  const plan = await openContext(runtime, admin, { projectId, name: "plan" });
  for (const n of [1, 2]) await writeContext(runtime, admin, { contextId: plan.id, data: { n } });
  await acknowledgeContext(runtime, admin, { contextId: plan.id, agentId: worker.id, version: 2, ok: true });
  await rollBackContext(runtime, admin, { contextId: plan.id, toVersion: 1, reason: "test" });
  ids = {
    plan: plan.id,
    worker: worker.id,
    idle: idle.id,
    done: done.taskId,
    retried: retried.taskId,
    running: running.taskId,
    cancelling: cancelling.taskId,
    keyed: keyed.id,
    delayed: delayed.id,
    context: context.id,
  };
});
afterAll(() => fixture.close());

const event = (subject: string, version: number) =>
  sql`events where subject_id = ${subject} and subject_version = ${version}`;
const change = (subject: string, version: number, set: SQL) =>
  sql`update events set ${set} where subject_id = ${subject} and subject_version = ${version}`;
const task = (id: string, set: SQL) => sql`update tasks set ${set} where id = ${id}`;
const hour = sql`interval '1 hour'`;
const version = (number: number, set: SQL) =>
  sql`update context_versions set ${set} where context_id = ${ids.context} and number = ${number}`;

/** For each invariant, a change that breaks it. */
const BREAKS: Readonly<Record<string, () => SQL>> = {
  "task versions are gapless": () => sql`delete from ${event(ids.done, 2)}`,
  "agent versions are gapless": () => sql`delete from ${event(ids.worker, 3)}`,
  "task transitions are a chain": () => change(ids.done, 3, sql`payload = payload || '{"from": "QUEUED"}'`),
  "agent transitions are a chain": () => change(ids.worker, 3, sql`payload = payload || '{"from": "IDLE"}'`),
  "task transitions are allowed": () => change(ids.done, 3, sql`payload = payload || '{"action": "RETURN"}'`),
  "agent transitions are allowed": () => change(ids.worker, 3, sql`payload = payload || '{"action": "LOSE"}'`),
  "task rows are where their history leads": () => task(ids.running, sql`state = 'ASSIGNED'`),
  "agent rows are where their history leads": () => sql`update agents set state = 'SUSPENDED' where id = ${ids.worker}`,
  "no history without its row": () => change(ids.done, 1, sql`subject_id = gen_random_uuid()`),
  "each assignment raises the attempt": () => change(ids.done, 3, sql`payload = payload || '{"attempt": 2}'`),
  "failures are counted": () => task(ids.retried, sql`failures = 0`),
  "a task ends once": () => sql`
    insert into events (workspace_id, project_id, type, subject_id, subject_version, task_id, actor_kind, actor_name, payload)
    select workspace_id, project_id, type, subject_id, subject_version + 1, task_id, actor_kind, actor_name, payload from ${event(ids.done, 4)}`,
  "time runs forward": () => change(ids.done, 3, sql`at = at - ${hour}`),
  "durations add up": () => change(ids.done, 3, sql`payload = payload || '{"durationMs": 0}'`),
  "one agent per attempt": () => change(ids.done, 3, sql`agent_id = ${ids.idle}`),
  "active_tasks is what is held": () => sql`update agents set active_tasks = active_tasks + 1 where id = ${ids.worker}`,
  "only agents at work hold tasks": () => sql`update agents set state = 'IDLE' where id = ${ids.worker}`,
  "a drained agent has moved on": () => sql`update agents set pending_action = 'STOP' where id = ${ids.idle}`,
  "a held task has an agent and a lease": () => task(ids.running, sql`lease_until = null`),
  "clocks run only where they apply": () => task(ids.cancelling, sql`cancel_until = null`),
  "a held task has a place of its key": () => task(ids.running, sql`concurrency_key = 'one', concurrency_slot = 2`),
  "the places of a key are taken once": () =>
    sql`update tasks set concurrency_key = 'one' where id in (${ids.running}, ${ids.cancelling})`,
  "only queued tasks are parked": () => task(ids.running, sql`parked_for = 'TIME', parked_until = clock_timestamp()`),
  "a task stands in its own lane": () => task(ids.delayed, sql`queue = 'another'`),
  "an idempotency key names its task": () => task(ids.keyed, sql`idempotency_key = 'twice'`),
  "chunks are counted": () => sql`delete from task_chunks where task_id = ${ids.done}`,
  "results expire after the end": () => task(ids.running, sql`result_expires_at = clock_timestamp()`),
  "bundles are gapless": () => sql`update agent_bundle_heads set number = number + 1 where agent_id = ${ids.worker}`,
  "an agent is what its newest bundle says": () => sql`update agents set config = '{"a": 1}' where id = ${ids.worker}`,
  "each version of an own context is in a bundle": () =>
    sql`delete from agent_bundles where agent_id = ${ids.idle} and number = 3`,
  "versions have their data": () =>
    sql`delete from context_contents where context_id = ${ids.context} and base_hash is not null`,
  "no data without a version": () => sql`
    insert into context_contents (context_id, data_hash, depth, chain_bytes, body) values (${ids.context}, 'none', 0, 0, '1')`,
  "chains of patches lead to a snapshot": () =>
    sql`update context_contents set depth = 101 where context_id = ${ids.context} and base_hash is not null`,
  "retention keeps what it has to": () =>
    sql`update context_versions set pruned_at = clock_timestamp() where context_id = ${ids.context} and number = 2`,
  "retention forgets nothing": () => sql`update contexts set pruned_through = 1 where id = ${ids.context}`,
  "context versions are gapless": () => sql`update contexts set current_version = 3 where id = ${ids.context}`,
  "context versions come in time": () => version(2, sql`created_at = created_at - ${hour}`),
  "each context version is in the log": () => change(ids.context, 2, sql`payload = payload || '{"hash": "0"}'`),
  "merges pass over no rollback": () => version(2, sql`merged_from = 1`),
  "retention does not run ahead": () =>
    sql`update contexts set pruned_through = current_version where id = ${ids.context}`,
  "a rollback is what its version says": () => sql`update contexts set rollback_pointer = 2 where id = ${ids.plan}`,
  "a rollback is where its history leads": () =>
    sql`update contexts set rollback_state = 'FAILED' where id = ${ids.plan}`,
  "a rollback waits for someone": () => sql`delete from rollback_confirmations where context_id = ${ids.plan}`,
  "no rollback succeeds without its agents": () =>
    sql`update contexts set rollback_state = 'SUCCEEDED' where id = ${ids.plan}`,
  "agents answer rollbacks only": () =>
    sql`update rollback_confirmations set version = 2 where context_id = ${ids.plan}`,
  "what was rolled back to is not held": () =>
    sql`update context_versions set held_since = clock_timestamp() where context_id = ${ids.plan} and number = 1`,
  "nobody waits for a free place": () => task(ids.keyed, sql`parked_for = 'CONCURRENCY_KEY'`),
  "nobody stays parked past the time": () => task(ids.delayed, sql`parked_until = clock_timestamp() - ${hour}`),
  "follow-ups are seen to": () =>
    sql`insert into task_follow_ups (task_id, at) values (${ids.done}, clock_timestamp() - ${hour})`,
  "nobody waits for what has ended": () => sql`
    with waits as (update tasks set state = 'WAITING' where id = ${ids.keyed})
    insert into task_dependencies values (${ids.keyed}, ${ids.done})`,
  "workflows end with their tasks": () => sql`
    insert into workflows (id, workspace_id, project_id, name, on_failure, task_count, creator_kind, creator_name)
    select gen_random_uuid(), workspace_id, project_id, 'empty', 'CONTINUE', 1, 'SYSTEM', 'test' from tasks where id = ${ids.done}`,
};

it("finds nothing in what operations have written", async () => {
  expect(await violationsIn(fixture.database, { settled: true })).toEqual([]);
});

it.each([...INVARIANTS, ...SETTLED_INVARIANTS].map(({ name }) => name))(
  "sees when this is broken: %s",
  async (name) => {
    const undone = new Error("undone");
    let found: string[] = [];
    const work = fixture.database.transaction(async (transaction) => {
      const broken = BREAKS[name];
      if (!broken) throw new Error("No change that breaks it is known.");
      await transaction.query(broken());
      found = (await violationsIn(transaction, { settled: true })).map(({ invariant }) => invariant);
      throw undone;
    });
    await expect(work).rejects.toBe(undone);
    expect(found).toContain(name);
  },
);

it("looks at one project alone, when it is told so", async () => {
  await fixture.database.query(task(ids.retried, sql`failures = 0`));
  const { projectId } = fixture;
  expect(await violationsIn(fixture.database, { projectId })).toMatchObject([
    { invariant: "failures are counted", subject: ids.retried },
  ]);
  expect(await violationsIn(fixture.database, { projectId: fixture.workspaceId })).toEqual([]);
  await fixture.database.query(task(ids.retried, sql`failures = 1`));
});
