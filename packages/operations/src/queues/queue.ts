import { rowColumns } from "@muster/database/row-columns.ts";
import { queues } from "@muster/database/tables/queues.ts";
import type { Actor } from "@muster/domain/actor.ts";
import { CALLER_COLUMNS } from "../caller-values.ts";

/** A queue as its row is. */
export type Queue = Omit<typeof queues.$inferSelect, "pausedBy"> & {
  readonly pausedBy: Pick<Actor, "kind" | "id" | "name"> | null;
};

/** The select list that turns the row `alias` into a `Queue`. */
export function queueColumns(alias: string): string {
  return rowColumns(queues, alias);
}

/**
 * A select that makes one event of each row of `source`, a CTE with the columns of `queues` after the change, for
 * `appendEvents`. The statement's $1 to $6 are `callerValues`; `payload` and `reason` are SQL expressions.
 */
export function queueEvents(source: string, type: string, payload: string, reason: string): string {
  return `select workspace_id, project_id, '${type}' as type, id as subject_id, version as subject_version, null::uuid as agent_id,
    null::uuid as task_id, null::uuid as context_id, ${CALLER_COLUMNS}, ${reason}::text as reason,
    jsonb_build_object('name', name, 'version', version) || ${payload} as payload, null::jsonb as labels, clock_timestamp() as at
    from ${source}`;
}
