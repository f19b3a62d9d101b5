import type { Caller } from "@muster/domain/actor.ts";
import { reachOf } from "./authorize.ts";

/** One caller of a statement that serves several, as a JSON object: the columns of `CALLER_ROW`. */
export function callerRow({ actor, correlationId }: Caller, reach = reachOf({ actor, correlationId })) {
  return {
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_name: actor.name,
    correlation_id: correlationId,
    reach_workspace_id: reach[0],
    reach_project_id: reach[1],
  };
}

/** The columns of `callerRow`, for `jsonb_to_recordset`. */
export const CALLER_ROW =
  "actor_kind text, actor_id uuid, actor_name text, correlation_id text, reach_workspace_id uuid, reach_project_id uuid";

/** The callers of a statement that serves several, each once: the rows of `CALLERS`, and the number of each one's in these. */
export function numbered(callers: readonly Caller[]): { readonly rows: string; readonly numbers: readonly number[] } {
  const numbers = new Map<Caller, number>();
  for (const caller of callers) if (!numbers.has(caller)) numbers.set(caller, numbers.size);
  const rows = [...numbers].map(([caller, number]) => ({ number, ...callerRow(caller) }));
  return { rows: JSON.stringify(rows), numbers: callers.map((caller) => numbers.get(caller) ?? 0) };
}

/** The CTE `callers` (`number` and `CALLER_ROW`), from the statement's $1. */
export const CALLERS = `callers as materialized (select * from jsonb_to_recordset($1::jsonb) as c(number int, ${CALLER_ROW}))`;

/** The columns of an event that say who did it, where each row of `alias` has its own caller. */
export function ownCaller(alias: string): string {
  return `${alias}.actor_kind, ${alias}.actor_id, ${alias}.actor_name, ${alias}.correlation_id`;
}

/** The same columns of a group of rows: the caller of that with the lowest id. */
export function firstCaller(alias: string): string {
  const columns = ["actor_kind", "actor_id", "actor_name", "correlation_id"];
  return columns.map((column) => `(array_agg(${alias}.${column} order by ${alias}.id))[1] as ${column}`).join(", ");
}

/** The tenancy guard for the row `alias`, with the reach of the caller in the row `caller`. */
export function inReachOf(caller: string, alias: string): string {
  return `(${caller}.reach_workspace_id is null or ${alias}.workspace_id = ${caller}.reach_workspace_id)
    and (${caller}.reach_project_id is null or ${alias}.project_id = ${caller}.reach_project_id)`;
}
