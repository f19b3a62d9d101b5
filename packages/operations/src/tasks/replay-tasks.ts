import { type Statement, statement } from "@muster/database/statement.ts";
import { appendEvents } from "@muster/events/append.ts";
import { inReach } from "../caller-values.ts";
import { limitsTasks } from "../quotas/task-quotas.ts";
import { ENDED } from "./task.ts";
import { NEW_TASK, taskEvents } from "./task-events.ts";

/** What a task is run with again: its settings, without deadline, idempotency key, schedule and workflow. */
const KEPT = `workspace_id, project_id, lane_id, kind, queue, capability, target_agent_id, required_labels, max_failures, timeout_ms,
  backoff_initial_ms, backoff_factor, backoff_max_ms, backoff_jitter, retry_rules, concurrency_key, concurrency_limit, rate_limit_key, result_ttl_ms,
  dependency_condition`;

/**
 * The one statement that runs ended tasks again, each as a new task that is linked to it. $1–$6 `callerValues`, $7 the tasks and
 * $8 the ids of the new ones, two lists side by side, $9 an input in place of their own, or null, $10 whether those of workspaces that
 * limit tasks are created too (then take their room). Tasks that have not ended, and those out of reach, are left out. What they depended on the new ones do, too, and get its outputs; but they do not wait. `columns`: what to answer of the new tasks `c`; `priority` and `runAt`: what they have in place
 * of the old tasks' `t` priority and the present.
 */
export function replayStatement<Row>(
  columns: string,
  {
    priority = "t.priority",
    runAt = "clock_timestamp()",
  }: { readonly priority?: string; readonly runAt?: string } = {},
): Statement<Row> {
  return statement<Row>(`
  with created as (
    insert into tasks (id, replay_of, input, priority, run_at, parked_for, parked_until, ${KEPT})
    select asked.new_id, t.id, coalesce($9::jsonb, t.input), ${priority}, due.at, case when due.later then 'TIME' end,
           case when due.later then due.at end, ${KEPT}
    from unnest($7::uuid[], $8::uuid[]) as asked(task_id, new_id) join tasks t on t.id = asked.task_id
    cross join lateral (select due.at, due.at > clock_timestamp() as later from (select ${runAt} as at) due) due
    where t.state = any(${ENDED}) and ${inReach("t")}
      and ($10::boolean or (select not ${limitsTasks("w")} from workspaces w where w.id = t.workspace_id))
    returning *
  ),
  tied as (
    insert into task_dependencies (task_id, depends_on_id)
    select c.id, d.depends_on_id from created c join task_dependencies d on d.task_id = c.replay_of
  ),
  new as (select c.*, ${NEW_TASK} from created c),
  happened as (${taskEvents("new")}),
  appended as (${appendEvents("happened")})
  select ${columns} from created c`);
}
