import { type Statement, statement } from "@muster/database/statement.ts";
import { bulkJobLifecycle } from "@muster/domain/bulk-job-lifecycle.ts";
import { appendEvents } from "@muster/events/append.ts";
import { inReach } from "../caller-values.ts";
import { targetOf } from "../lifecycle-sql.ts";
import { ENDED } from "../tasks/task.ts";
import { milliseconds } from "../tasks/task-events.ts";
import { type BulkJob, bulkJobColumns, bulkJobEvents, startedTargets, taskById } from "./bulk-job.ts";

/** Why there was nothing to do when its turn came. */
const MESSAGE_OF_THE_TURN = `case when t.state = any(${ENDED}) and a.task_id is null then format('It had ended before, as %s.', t.state) end`;

/** What ended the task, where its agent has not: the sweeper at the end of the grace period, for instance. */
const MESSAGE_OF_THE_END = `case
    when t.state <> all(${ENDED}) then 'It was asked to stop, and has not ended.'
    when t.state <> 'CANCELLED' then format('It ended as %s before it stopped.', t.state)
    else (select e.reason from events e where e.task_id = t.id and e.subject_version = t.version and e.type = 'task.transitioned' and e.actor_kind = 'SYSTEM')
  end`;

const FINISHED = `((c.position = c.total or c.state <> 'RUNNING') and ${startedTargets("c")} = 0)`;

/**
 * Writes down what has become of a batch of a job, which the transaction has locked, and of the targets that are being watched;
 * settles the job when that was all. $1–$6 `callerValues`, $7 the job, $8 the tasks of the batch in their order, $9 those
 * of them that were moved and $10 what runs them again, two lists side by side, $11 whether to look at what is being watched, $12 after
 * how many ms that has not ended in time. Progress is told once for each look, and when the last turn has been.
 */
export const recordOutcomes: Statement<BulkJob & { readonly told: boolean }> = statement(`
  with acted as materialized (select * from unnest($9::uuid[], $10::uuid[]) as a(task_id, new_task_id)),
  job as materialized (select * from bulk_jobs j where j.id = $7 and ${inReach("j")}),
  decided as materialized (
    select (j.position + turn.place)::int as number,
           case when t.state <> all(${ENDED}) then 'STARTED' when a.task_id is null then 'SKIPPED' else 'SUCCEEDED' end as outcome,
           ${MESSAGE_OF_THE_TURN} as message, a.new_task_id
    from job j
    cross join unnest($8::uuid[]) with ordinality as turn(task_id, place)
    cross join lateral (${taskById("turn.task_id")}) t
    left join acted a on a.task_id = t.id
    union all
    select g.number, case when t.state = any(${ENDED}) then 'SUCCEEDED' else 'FAILED' end, ${MESSAGE_OF_THE_END}, null
    from bulk_job_targets g cross join lateral (${taskById("g.task_id")}) t
    where $11::boolean and g.job_id = $7 and g.outcome = 'STARTED'
      and (t.state = any(${ENDED}) or g.at <= clock_timestamp() - interval '1 millisecond' * $12::int)
  ),
  recorded as (
    update bulk_job_targets g
    set outcome = d.outcome, message = d.message, new_task_id = d.new_task_id, at = clock_timestamp()
    from decided d where g.job_id = $7 and g.number = d.number
    returning g.outcome
  ),
  counted as (
    select j.id, j.state, j.total, j.position + cardinality($8::uuid[]) as position, j.succeeded + r.succeeded as succeeded,
           j.skipped + r.skipped as skipped, j.failed + r.failed as failed, r.changed, greatest(clock_timestamp(), j.state_since) as at
    from job j cross join (
      select count(*) > 0 as changed, count(*) filter (where outcome = 'SUCCEEDED')::int as succeeded,
             count(*) filter (where outcome = 'SKIPPED')::int as skipped, count(*) filter (where outcome = 'FAILED')::int as failed
      from recorded) r
  ),
  judged as (
    select c.*, ${FINISHED} as finished,
           case when ${FINISHED} then case when c.failed > 0 then ${targetOf(bulkJobLifecycle, "FAIL", "c.state")}
             else ${targetOf(bulkJobLifecycle, "SUCCEED", "c.state")} end end as target
    from counted c
  ),
  told as (
    select c.*, c.target is not null or (c.changed and ($11::boolean or c.position = c.total)) as told from judged c
  ),
  moved as (
    update bulk_jobs j
    set position = c.position, succeeded = c.succeeded, skipped = c.skipped, failed = c.failed,
        state = coalesce(c.target, j.state),
        state_since = case when c.target is null then j.state_since else c.at end,
        version = j.version + c.told::int,
        looked_at = case when $11::boolean then clock_timestamp() else j.looked_at end,
        finished_at = case when c.finished then c.at end
    from told c join job before on before.id = c.id
    where j.id = c.id
    returning j.*, c.at, c.told, c.state as origin, c.target, ${milliseconds("before.state_since", "c.at")} as duration_ms
  ),
  announced as (select * from moved where told),
  happened as (${bulkJobEvents("announced", {
    type: "case when j.target is null then 'bulk_job.progressed' else 'bulk_job.transitioned' end",
    at: "j.at",
    payload: `(case when j.target is null then '{}' else jsonb_build_object('from', j.origin, 'to', j.target,
      'action', case j.target when 'FAILED' then 'FAIL' else 'SUCCEED' end, 'durationMs', j.duration_ms) end)`,
  })}),
  appended as (${appendEvents("happened")})
  select ${bulkJobColumns("j")}, j.told from moved j`);
