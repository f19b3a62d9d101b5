import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { movesOf } from "@muster/domain/lifecycle.ts";
import { taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { WORKFLOW_ACTIONS, type WorkflowAction, workflowLifecycle } from "@muster/domain/workflow-lifecycle.ts";
import { appendEvents } from "@muster/events/append.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { movesTable, sqlArray } from "../lifecycle-sql.ts";
import { ENDED } from "../tasks/task.ts";
import { milliseconds } from "../tasks/task-events.ts";
import { FOLLOW_UPS } from "./apply-verdicts.ts";
import { workflowEvents } from "./workflow-event.ts";

/** What the tasks `t` of a workflow `l` decide once all have ended; the first that holds. */
const OUTCOMES: readonly (readonly [WorkflowAction, string])[] = [
  ["SUCCEED", "bool_and(t.state = 'SUCCEEDED')"],
  ["SUCCEED", "l.on_failure = 'CONTINUE' and bool_and(t.state = 'SUCCEEDED') filter (where t.final)"],
  ["CANCEL", "l.cancel_reason is not null"],
  ["FAIL", "bool_or(t.state in ('FAILED', 'EXPIRED'))"],
];
const OUTCOME = `case ${OUTCOMES.map(([action, holds]) => `when ${holds} then '${action}'`).join(" ")} else 'CANCEL' end`;

const CANCELLABLE = sqlArray(movesOf(taskLifecycle, "CANCEL").from);

const settle = statement<{ id: string; settled: boolean; left: boolean }>(`
  with asked as materialized (
    select w.id, exists (select from tasks t where t.workflow_id = w.id and t.state <> all(${ENDED})) as open,
           w.id = any($8::uuid[]) and exists (select from tasks t where t.workflow_id = w.id and t.state = any(${CANCELLABLE})) as left
    from workflows w where w.id = any($7::uuid[]) and w.state = 'RUNNING' and ${inReach("w")}
  ),
  locked as materialized (
    select w.* from asked a join workflows w on w.id = a.id where not a.open and w.state = 'RUNNING'
    order by w.id for no key update of w skip locked
  ),
  decided as materialized (
    select l.id, l.state, l.state_since, greatest(clock_timestamp(), l.state_since) as moved_at, ${OUTCOME} as action
    from locked l join (
      select t.workflow_id, t.state, not exists (
        select from task_dependencies d join tasks n on n.id = d.task_id where d.depends_on_id = t.id and n.workflow_id = t.workflow_id) as final
      from tasks t
    ) t on t.workflow_id = l.id
    group by l.id, l.state, l.state_since, l.on_failure, l.cancel_reason
  ),
  moved as (
    update workflows w
    set state = move.target, state_since = d.moved_at, finished_at = d.moved_at, version = w.version + 1
    from decided d join ${movesTable(workflowLifecycle, WORKFLOW_ACTIONS, "move")} on move.action = d.action and move.origin = d.state
    where w.id = d.id
    returning w.*, d.state as origin, d.action, ${milliseconds("d.state_since", "d.moved_at")} as duration_ms
  ),
  happened as (${workflowEvents("moved", {
    type: "workflow.transitioned",
    payload: "jsonb_build_object('from', origin, 'to', state, 'action', action, 'durationMs', duration_ms)",
    reason: "cancel_reason",
    at: "state_since",
  })}),
  appended as (${appendEvents("happened")})
  select a.id, m.id is not null as settled, (m.id is null and not a.open) or a.left as left from asked a left join moved m on m.id = a.id`);

/**
 * Ends those of the workflows whose tasks have all ended. `cancelling`: those of them whose tasks are all to be cancelled. Gives
 * the ids of those that have to be looked at again: locked just now, or with tasks that can still be cancelled.
 */
export async function settleWorkflows(
  transaction: Connection,
  workflowIds: readonly string[],
  cancelling: readonly string[],
): Promise<string[]> {
  if (workflowIds.length === 0) return [];
  const looked = await transaction.run(settle, [...callerValues(FOLLOW_UPS), workflowIds, cancelling]);
  return looked.filter(({ left }) => left).map(({ id }) => id);
}
