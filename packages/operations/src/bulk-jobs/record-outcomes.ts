import { type Statement, statement } from "@muster/database/statement.ts";
import { bulkJobLifecycle } from "@muster/domain/bulk-job-lifecycle.ts";
import { appendEvents } from "@muster/events/append.ts";
import { inReach } from "../caller-values.ts";
import { targetOf } from "../lifecycle-sql.ts";
import { milliseconds } from "../tasks/task-events.ts";
import { type BulkJob, bulkJobColumns, bulkJobEvents, startedTargets } from "./bulk-job.ts";

const FINISHED = `((c.position = c.total or c.state <> 'RUNNING') and ${startedTargets("c")} = 0)`;

/**
 * The statement that writes down what has become of a batch of a job, which the transaction has locked, and of the targets that
 * are being watched; settles the job when that was all. `decided`: CTEs, the last of which says of which targets that is known
 * (`number`, `outcome`, `message`, `new_task_id`), from the row `job` and $1–$6 `callerValues`, $7 the job, $8 the ids of the batch
 * in their order, $9 and $10 what was done to them, $11 whether to look at what is being watched, $12 after how many ms that has
 * not ended in time. Progress is told once for each look, and when the last turn has been.
 */
export function recordStatement(decided: string): Statement<BulkJob & { readonly told: boolean }> {
  return statement(`
  with job as materialized (select * from bulk_jobs j where j.id = $7 and ${inReach("j")}),
${decided},
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
}
