import type { Caller } from "@muster/domain/actor.ts";
import { type SQL, sql } from "drizzle-orm";
import { reachOf } from "./authorize.ts";

/** What every statement here takes as $1 to $6: who acts, the trace (`traceOf`), and how far the actor reaches. */
export function callerValues(caller: Caller): unknown[] {
  const { kind, id, name } = caller.actor;
  return [kind, id, name, traceOf(caller), ...reachOf(caller)];
}

/** The types of $1 to $6. */
export const CALLER_TYPES = ["text", "uuid", "text", "text[]", "uuid[]", "uuid[]"] as const;

/** Which request it was and where it came from, as one parameter: correlation id, credential and address. */
export function traceOf({ correlationId, origin }: Caller): (string | null)[] {
  return [correlationId, origin?.credentialId ?? null, origin?.address ?? null];
}

/** The columns of an event that `traceOf` fills. */
export const TRACE = ["correlation_id", "credential_id", "address"] as const;

/** These columns, from the parameter that holds `traceOf`. */
export function traceColumns(parameter: string): string {
  const [correlationId, credentialId, address] = [1, 2, 3].map((place) => `(${parameter}::text[])[${place}]`);
  return `${correlationId} as correlation_id, ${credentialId}::uuid as credential_id, ${address}::inet as address`;
}

/** The tenancy guard over $5 and $6 for the row `alias`. */
export function inReach(alias: string): string {
  return `($5::uuid[] is null or ${alias}.workspace_id = any($5)) and ($6::uuid[] is null or ${alias}.project_id = any($6))`;
}

/**
 * The same guard for a query that is composed at run time. It names no more than there is: of a single project the planner sees
 * an equation, which keeps the order of an index. `projectColumn` is "id" for projects themselves.
 */
export function withinReach(caller: Caller, alias: string, projectColumn = "project_id"): SQL {
  const [workspaceIds, projectIds] = reachOf(caller);
  const row = sql.identifier(alias);
  const conditions = [
    amongIds(sql`${row}.workspace_id`, workspaceIds),
    amongIds(sql`${row}.${sql.identifier(projectColumn)}`, projectIds),
  ];
  return sql.join(conditions, sql` and `);
}

/** A condition: the column holds one of the ids; true for null. */
export function amongIds(column: SQL, ids: readonly string[] | null): SQL {
  if (ids === null) return sql`true`;
  return ids.length === 1 ? sql`${column} = ${ids[0]}::uuid` : sql`${column} = any(${sql.param([...ids])}::uuid[])`;
}

/** The columns of an event that say who did it: the caller. */
export const CALLER_COLUMNS = `$1::text as actor_kind, $2::uuid as actor_id, $3::text as actor_name, ${traceColumns("$4")}`;
