import { movesOf } from "@muster/domain/lifecycle.ts";
import { type TaskAction, taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { appendEvents } from "@muster/events/append.ts";
import { firstCaller, ownCaller } from "../caller-rows.ts";
import { movesTable, sqlArray } from "../lifecycle-sql.ts";
import { RELEASE_AGENTS } from "./hold-tasks.ts";
import { ENDED, HELD } from "./task.ts";
import { milliseconds, taskEvents } from "./task-events.ts";

/** States from which one of the actions leads on, as an SQL array. */
export function originsOf(actions: readonly TaskAction[]): string {
  return sqlArray(actions.flatMap((action) => movesOf(taskLifecycle, action).from));
}

/** What the task's own rule for the kind of error says, else what the task says for all errors. */
const byRule = (field: string, type: string, column: string) =>
  `coalesce((r.rule ->> '${field}')::${type}, l.${column})`;

const BACKOFF = `(interval '1 millisecond' * (least(
    ${byRule("initialMs", "int", "backoff_initial_ms")} * power(${byRule("factor", "float8", "backoff_factor")}, l.failures),
    ${byRule("maxMs", "int", "backoff_max_ms")})
  * case when ${byRule("jitter", "boolean", "backoff_jitter")} then random() else 1 end))`;

const TRIED_AGAIN = `(coalesce((r.rule ->> 'retryable')::boolean, l.move_retryable)
  and l.failures + 1 < ${byRule("maxFailures", "int", "max_failures")})`;

const IS_HELD = `= any(${HELD})`;

/**
 * Others may have waited for the task `t`: what depends on it, its workflow, the next one of its concurrency key, also where it
 * was only about to take a place of that.
 */
const IS_FOLLOWED = `((t.has_dependents or t.workflow_id is not null) and c.target = any(${ENDED})
  or t.concurrency_key is not null and c.state <> 'WAITING' and c.target <> all(${HELD}))`;

/** What a move has to know of a task, from the locked row `t`: whole rows would be copied from step to step. */
export const TO_MOVE = `t.id, t.state, t.state_since, t.run_at, t.failures, t.max_failures, t.retry_rules,
  t.backoff_initial_ms, t.backoff_factor, t.backoff_max_ms, t.backoff_jitter`;

/** What of a moved task goes into its event and its answer. */
export const MOVED = `t.id, t.workspace_id, t.project_id, t.kind, t.state, t.state_since, t.version, t.attempt, t.failures, t.agent_id,
  t.target_agent_id, t.run_at, t.lease_until, t.cancel_until, t.started_at, t.finished_at, t.error`;

/**
 * The CTEs that move the tasks of the CTE `locked` (all moves but ASSIGN and START, which are lean), with all that follows: by the lifecycle,
 * with their events, follow-ups and, with `release`, the agents of the CTE `holders` that let go of them. All move at one moment, taken
 * when all are locked: those that wait again keep their order among each other. `locked` has `TO_MOVE` of the locked rows, and of each
 * move: the caller (`ownCaller`), `move_actions` (one of these fires, by the state; RETRY and FAIL exclude each other, by the failures
 * left), `move_reason`, `move_error`, `move_retryable`, `move_output`, `grace_ms`, and `place`, which `moved` hands on.
 */
export function movingTasks(actions: readonly TaskAction[], release: boolean): string {
  return `
    present as materialized (select clock_timestamp() as at from (select count(*) from locked) after_locks),
    chosen as materialized (
      select l.id, l.state, l.state_since, move.action, move.target, moved.at as moved_at, next.run_at,
             l.place, ${ownCaller("l")}, l.move_reason, l.move_error, l.move_output, l.grace_ms
      from locked l
      join ${movesTable(taskLifecycle, actions, "move")} on move.origin = l.state and move.action = any(l.move_actions)
      cross join lateral (select coalesce(l.retry_rules -> (l.move_error ->> 'kind'), '{}'::jsonb) as rule) r
      cross join present
      cross join lateral (select greatest(present.at, l.state_since) as at) moved
      cross join lateral (select case when move.action = 'RETRY' then moved.at + ${BACKOFF} else l.run_at end as run_at) next
      where move.action <> case when ${TRIED_AGAIN} then 'FAIL' else 'RETRY' end
    ),
    moved as (
      update tasks t
      set state = c.target,
          state_since = c.moved_at,
          version = t.version + 1,
          failures = t.failures + (c.action in ('RETRY', 'FAIL'))::int,
          run_at = c.run_at,
          parked_for = case when c.target = 'QUEUED' and c.run_at > c.moved_at then 'TIME' end,
          parked_until = case when c.target = 'QUEUED' and c.run_at > c.moved_at then c.run_at end,
          concurrency_slot = case when c.target ${IS_HELD} then t.concurrency_slot end,
          lease_until = case when c.target ${IS_HELD} then t.lease_until end,
          timeout_at = case when c.target ${IS_HELD} then t.timeout_at end,
          cancel_until = case when c.action = 'CANCEL' and c.target ${IS_HELD} then c.moved_at + interval '1 millisecond' * c.grace_ms end,
          cancel_reason = case when c.action = 'CANCEL' then c.move_reason else t.cancel_reason end,
          error = case when c.action in ('RETRY', 'FAIL') then c.move_error when c.action <> 'COMPLETE' then t.error end,
          output = case when c.action = 'COMPLETE' then c.move_output else t.output end,
          finished_at = case when c.target = any(${ENDED}) then c.moved_at end,
          result_expires_at = case when c.target = any(${ENDED}) then c.moved_at + interval '1 millisecond' * t.result_ttl_ms end
      from chosen c where t.id = c.id
      returning ${MOVED}, c.place, c.state as origin, c.action, ${ownCaller("c")}, c.move_reason as reason,
                case when c.action in ('RETRY', 'FAIL') then c.move_error end as failure,
                ${milliseconds("c.state_since", "c.moved_at")} as duration_ms, ${IS_FOLLOWED} as follow_up
    ),
    followed as (
      insert into task_follow_ups (task_id) select m.id from moved m where m.follow_up
    ),
    tally as (
      select m.agent_id, count(*) filter (where m.origin ${IS_HELD} and m.state <> all(${HELD}))::int as ended,
             count(*) filter (where m.action = 'RETURN')::int as missed,
             ${firstCaller("m")}
      from moved m where m.origin ${IS_HELD} group by m.agent_id
    ),
    ${release ? `${RELEASE_AGENTS},` : ""}
    happened as (${taskEvents("moved", ownCaller("m"))} ${release ? "union all select * from agent_events" : ""}),
    appended as (${appendEvents("happened")})`;
}
