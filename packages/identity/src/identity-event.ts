import type { Caller } from "@muster/domain/actor.ts";
import { CALLER_COLUMNS, traceOf } from "@muster/operations/caller-values.ts";

/** What statements here take as $1 to $4: who acts, and the trace. */
export function whoValues(caller: Caller): unknown[] {
  const { kind, id, name } = caller.actor;
  return [kind, id, name, traceOf(caller)];
}

/** SQL expressions over the columns of the source. What is left out belongs to no workspace and has nothing to say. */
interface IdentityEvent {
  readonly type: string;
  readonly subject?: string;
  readonly version?: string;
  readonly payload?: string;
  readonly workspace?: string;
  readonly project?: string;
  readonly reason?: string;
  /** The columns that say who did it; from `whoValues` unless they are given. */
  readonly who?: string;
  readonly where?: string;
}

/** A select that makes one event of each row of `source`, a CTE, for `appendEvents`. */
export function identityEvent(source: string, event: IdentityEvent): string {
  const { type, subject = "id", version = "version", payload = "'{}'::jsonb", reason = "null::text" } = event;
  const { workspace = "null::uuid", project = "null::uuid", who = CALLER_COLUMNS, where = "true" } = event;
  return `select ${workspace} as workspace_id, ${project} as project_id, '${type}' as type, ${subject} as subject_id,
    ${version} as subject_version, null::uuid as agent_id, null::uuid as task_id, null::uuid as context_id, ${who},
    ${reason} as reason, ${payload} as payload, null::jsonb as labels, clock_timestamp() as at from ${source} where ${where}`;
}
