import { CALLER_COLUMNS } from "../caller-values.ts";

interface WebhookEvent {
  readonly type: string;
  /** SQL expressions over the columns of `source`. */
  readonly payload: string;
  readonly reason?: string;
  readonly version?: string;
  readonly at?: string;
}

/**
 * A select that makes one event of each row of `source`, a CTE with the columns of `webhooks` after the change, for
 * `appendEvents`. The statement's $1 to $6 are `callerValues`. The address is in no event: it may carry a secret, and more
 * actors may read events than webhooks.
 */
export function webhookEvents(
  source: string,
  { type, payload, reason = "null", version = "version", at = "updated_at" }: WebhookEvent,
): string {
  return `select workspace_id, project_id, '${type}' as type, id as subject_id, ${version} as subject_version, null::uuid as agent_id,
    null::uuid as task_id, null::uuid as context_id, ${CALLER_COLUMNS}, ${reason}::text as reason,
    jsonb_build_object('name', name) || ${payload} as payload, null::jsonb as labels, ${at} as at from ${source}`;
}

/** What every change that appends an event sets of the webhook `w`. */
export const CHANGED = "version = w.version + 1, updated_at = greatest(clock_timestamp(), w.updated_at)";
