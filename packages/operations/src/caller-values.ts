import type { Caller } from "@muster/domain/actor.ts";
import { type SQL, sql } from "drizzle-orm";
import { reachOf } from "./authorize.ts";

/** What every statement here takes as $1 to $6: who acts, the correlation id, and how far the actor reaches. */
export function callerValues(caller: Caller): unknown[] {
  const { actor, correlationId } = caller;
  return [actor.kind, actor.id, actor.name, correlationId, ...reachOf(caller)];
}

/** The tenancy guard over $5 and $6 for the row `alias`. */
export function inReach(alias: string): string {
  return `($5::uuid is null or ${alias}.workspace_id = $5) and ($6::uuid is null or ${alias}.project_id = $6)`;
}

/** The same guard for a query that is composed at run time. */
export function withinReach(caller: Caller, alias: string): SQL {
  const [workspaceId, projectId] = reachOf(caller);
  const row = sql.identifier(alias);
  return sql`(${workspaceId}::uuid is null or ${row}.workspace_id = ${workspaceId}) and (${projectId}::uuid is null or ${row}.project_id = ${projectId})`;
}

/** The columns of an event that say who did it: the caller. */
export const CALLER_COLUMNS = `$1::text as actor_kind, $2::uuid as actor_id, $3::text as actor_name, $4::text as correlation_id`;
