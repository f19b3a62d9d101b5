import { ENDED } from "../tasks/task.ts";
import { taskById } from "./bulk-job.ts";
import { recordStatement } from "./record-outcomes.ts";

/** Why there was nothing to do when its turn came. */
const MESSAGE_OF_THE_TURN = `case when t.state = any(${ENDED}) and a.task_id is null then format('It had ended before, as %s.', t.state) end`;

/** What ended the task, where its agent has not: the sweeper at the end of the grace period, for instance. */
const MESSAGE_OF_THE_END = `case
    when t.state <> all(${ENDED}) then 'It was asked to stop, and has not ended.'
    when t.state <> 'CANCELLED' then format('It ended as %s before it stopped.', t.state)
    else (select e.reason from events e where e.task_id = t.id and e.subject_version = t.version and e.type = 'task.transitioned' and e.actor_kind = 'SYSTEM')
  end`;

/** `recordStatement` for tasks: $9 those of the batch that were moved and $10 what runs them again, two lists side by side. */
export const recordTaskOutcomes = recordStatement(`
  acted as materialized (select * from unnest($9::uuid[], $10::uuid[]) as a(task_id, new_task_id)),
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
  )`);
