import { agentLabels } from "../agents/agent-event.ts";
import { CALLER_COLUMNS } from "../caller-values.ts";
import { HELD } from "./task.ts";

/**
 * The rows of `task.transitioned` events for `appendEvents`, from `source`: rows of `tasks` as they are after the move,
 * with `origin` (the state before, null for a new task), `action`, `duration_ms` (time spent in `origin`), `reason`, and
 * `failure` (the error of a failed attempt, or null). A task that nobody holds concerns the agent that it is meant for.
 */
export function taskEvents(source: string): string {
  return `
    select m.workspace_id, m.project_id, 'task.transitioned'::text as type, m.id as subject_id, m.version as subject_version,
           m.concerned_agent_id as agent_id, m.id as task_id, null::uuid as context_id, ${CALLER_COLUMNS}, m.reason,
           jsonb_build_object('from', m.origin, 'to', m.state, 'action', m.action, 'attempt', m.attempt, 'kind', m.kind,
             'durationMs', m.duration_ms)
             || case when m.failure is null then '{}'::jsonb else jsonb_build_object('error', m.failure) end as payload,
           ${agentLabels("m.concerned_agent_id")} as labels, m.state_since as at
    from (
      select s.*, case when s.origin = any(${HELD}) or s.state = any(${HELD}) then s.agent_id else s.target_agent_id end as concerned_agent_id
      from ${source} s) m`;
}

/** An SQL expression: the milliseconds from one moment to another, to the microsecond. */
export function milliseconds(from: string, to: string): string {
  return `round(extract(epoch from (${to} - ${from})) * 1000, 3)`;
}
