import { CALLER_COLUMNS } from "../caller-values.ts";

interface WorkflowEvent {
  readonly type: string;
  /** SQL expressions over the columns of `source`. */
  readonly payload: string;
  readonly reason?: string;
  readonly at: string;
}

/**
 * A select that makes one event of each row of `source`, a CTE with the columns of `workflows` after the change, for
 * `appendEvents`. The statement's $1 to $6 are `callerValues`.
 */
export function workflowEvents(source: string, { type, payload, reason = "null", at }: WorkflowEvent): string {
  return `select workspace_id, project_id, '${type}' as type, id as subject_id, version as subject_version, null::uuid as agent_id,
    null::uuid as task_id, null::uuid as context_id, ${CALLER_COLUMNS}, ${reason}::text as reason,
    jsonb_build_object('name', name) || ${payload} as payload, null::jsonb as labels, ${at} as at from ${source}`;
}
