import { sql, type SQL } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { violationsIn } from "../../test/consistency.ts";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { holdTask } from "../../test/held-tasks.ts";
import { addTask, addWorker } from "../../test/workers.ts";
import { cancelTask } from "../tasks/cancel-task.ts";
import { completeTask } from "../tasks/complete-task.ts";
import { failTask } from "../tasks/fail-task.ts";
import { reportProgress } from "../tasks/report-progress.ts";
import { INVARIANTS } from "./consistency.ts";
import { SETTLED_INVARIANTS } from "./settled-invariants.ts";

let fixture: Fixture;
let ids: Record<"worker" | "idle" | "done" | "retried" | "running" | "cancelling" | "keyed" | "delayed", string>;

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
  ids = {
    worker: worker.id,
    idle: idle.id,
    done: done.taskId,
    retried: retried.taskId,
    running: running.taskId,
    cancelling: cancelling.taskId,
    keyed: keyed.id,
    delayed: delayed.id,
  };
});
afterAll(() => fixture.close());

const event = (subject: string, version: number) =>
  sql`events where subject_id = ${subject} and subject_version = ${version}`;
const change = (subject: string, version: number, set: SQL) =>
  sql`update events set ${set} where subject_id = ${subject} and subject_version = ${version}`;
const task = (id: string, set: SQL) => sql`update tasks set ${set} where id = ${id}`;
const hour = sql`interval '1 hour'`;

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
