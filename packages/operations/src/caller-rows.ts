import type { Caller } from "@muster/domain/actor.ts";
import { reachOf } from "./authorize.ts";
import { TRACE } from "./caller-values.ts";

/** One caller of a statement that serves several, as a JSON object: the columns of `CALLER_ROW`. */
export function callerRow(caller: Caller) {
  const { actor, correlationId, origin } = caller;
  const [workspaceIds, projectIds] = reachOf(caller);
  return {
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_name: actor.name,
    correlation_id: correlationId,
    credential_id: origin?.credentialId ?? null,
    address: origin?.address ?? null,
    reach_workspace_ids: workspaceIds,
    reach_project_ids: projectIds,
  };
}

/** The columns of `callerRow`, for `jsonb_to_recordset`. */
export const CALLER_ROW =
  "actor_kind text, actor_id uuid, actor_name text, correlation_id text, credential_id uuid, address inet, " +
  "reach_workspace_ids uuid[], reach_project_ids uuid[]";

/** The callers of a statement that serves several, each once: the rows of `CALLERS`, and the number of each one's in these. */
export function numbered(callers: readonly Caller[]): { readonly rows: string; readonly numbers: readonly number[] } {
  const numbers = new Map<Caller, number>();
  for (const caller of callers) if (!numbers.has(caller)) numbers.set(caller, numbers.size);
  const rows = [...numbers].map(([caller, number]) => ({ number, ...callerRow(caller) }));
  return { rows: JSON.stringify(rows), numbers: callers.map((caller) => numbers.get(caller) ?? 0) };
}

/** The CTE `callers` (`number` and `CALLER_ROW`), from the statement's $1. */
export const CALLERS = `callers as materialized (select * from jsonb_to_recordset($1::jsonb) as c(number int, ${CALLER_ROW}))`;

const WHO = ["actor_kind", "actor_id", "actor_name", ...TRACE];

/** The columns of an event that say who did it, where each row of `alias` has its own caller. */
export function ownCaller(alias: string): string {
  return WHO.map((column) => `${alias}.${column}`).join(", ");
}

/** The same columns of a group of rows: the caller of that with the lowest id. */
export function firstCaller(alias: string): string {
  return WHO.map((column) => `(array_agg(${alias}.${column} order by ${alias}.id))[1] as ${column}`).join(", ");
}

/** The tenancy guard for the row `alias`, with the reach of the caller in the row `caller`. `projectColumn`: "id" for projects themselves. */
export function inReachOf(caller: string, alias: string, projectColumn = "project_id"): string {
  return `(${caller}.reach_workspace_ids is null or ${alias}.workspace_id = any(${caller}.reach_workspace_ids))
    and (${caller}.reach_project_ids is null or ${alias}.${projectColumn} = any(${caller}.reach_project_ids))`;
}
