import { CALLER_COLUMNS } from "../caller-values.ts";

interface AgentEvent {
  readonly type: string;
  /** SQL expressions over the columns of `source`. */
  readonly payload: string;
  readonly reason?: string;
  readonly at?: string;
}

/**
 * A select that makes one event of each row of `source`, a CTE with the columns of `agents`, for `appendEvents`. The
 * statement's $1 to $6 are `callerValues`.
 */
export function agentEvents(
  source: string,
  { type, payload, reason = "null", at = "clock_timestamp()" }: AgentEvent,
): string {
  return `select workspace_id, project_id, '${type}' as type, id as subject_id, version as subject_version, id as agent_id,
    null::uuid as task_id, null::uuid as context_id, ${CALLER_COLUMNS}, ${reason}::text as reason, ${payload} as payload,
    labels, greatest(${at}, state_since) as at from ${source}`;
}

/**
 * An SQL expression: the labels of the agent that the expression `id` names, as the statement found them. For events of a
 * statement that does not change the agent; null when `id` is null.
 */
export function agentLabels(id: string): string {
  return `(select concerned.labels from agents concerned where concerned.id = ${id})`;
}
