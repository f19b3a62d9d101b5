import { agentLabels } from "../agents/agent-event.ts";
import { CALLER_COLUMNS } from "../caller-values.ts";
import { HELD } from "./task.ts";

/**
 * The rows of `task.transitioned` events for `appendEvents`, from `source`: rows of `tasks` as they are after the move,
 * with `origin` (the state before, null for a new task), `action`, `duration_ms` (time spent in `origin`), `reason`,
 * `failure` (the error of a failed attempt, or null) and `follow_up` (whether others may have waited for this). A task that
 * nobody holds concerns the agent that it is meant for. `caller`: the columns that say who did it, those of the row `m` or of
 * the statement. `labels`: an expression over `m` for those of the agent concerned, where the statement has them already.
 */
export function taskEvents(
  source: string,
  caller = CALLER_COLUMNS,
  labels = agentLabels("m.concerned_agent_id"),
): string {
  return `
    select m.workspace_id, m.project_id, 'task.transitioned'::text as type, m.id as subject_id, m.version as subject_version,
           m.concerned_agent_id as agent_id, m.id as task_id, null::uuid as context_id, ${caller}, m.reason,
           case when m.failure is null and not m.follow_up then said.payload
                else said.payload || jsonb_strip_nulls(jsonb_build_object('error', m.failure, 'followUp', nullif(m.follow_up, false))) end as payload,
           ${labels} as labels, m.state_since as at
    from (
      select s.*, case when s.origin = any(${HELD}) or s.state = any(${HELD}) then s.agent_id else s.target_agent_id end as concerned_agent_id
      from ${source} s) m
    cross join lateral (select jsonb_build_object('from', m.origin, 'to', m.state, 'action', m.action, 'attempt', m.attempt,
      'kind', m.kind, 'durationMs', m.duration_ms) as payload) said`;
}

/** What `taskEvents` wants of the rows of a CTE with new tasks besides their columns. */
export const NEW_TASK = `null::text as origin, 'CREATE'::text as action, null::numeric as duration_ms, null::text as reason,
  null::jsonb as failure, false as follow_up`;

/** An SQL expression: the milliseconds from one moment to another, to the microsecond. */
export function milliseconds(from: string, to: string): string {
  return `round(extract(epoch from (${to} - ${from})) * 1000, 3)`;
}
