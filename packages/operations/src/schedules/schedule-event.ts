import { CALLER_COLUMNS } from "../caller-values.ts";

interface ScheduleEvent {
  readonly type: string;
  /** SQL expressions over the columns of `source`. */
  readonly payload?: string;
  readonly reason?: string;
  readonly version?: string;
  readonly taskId?: string;
  readonly where?: string;
}

/**
 * A select that makes one event of each row of `source`, a CTE with the columns of `schedules` after the change, for
 * `appendEvents`. The statement's $1 to $6 are `callerValues`.
 */
export function scheduleEvents(source: string, event: ScheduleEvent): string {
  const {
    type,
    payload = "'{}'::jsonb",
    reason = "null",
    version = "version",
    taskId = "null",
    where = "true",
  } = event;
  return `select workspace_id, project_id, '${type}'::text as type, id as subject_id, ${version} as subject_version, null::uuid as agent_id,
    ${taskId}::uuid as task_id, null::uuid as context_id, ${CALLER_COLUMNS}, ${reason}::text as reason,
    jsonb_build_object('name', name) || ${payload} as payload, null::jsonb as labels, updated_at as at from ${source} where ${where}`;
}

/** What a change with one event sets of the schedule `s`. */
export const CHANGED = "version = s.version + 1, updated_at = greatest(clock_timestamp(), s.updated_at)";
