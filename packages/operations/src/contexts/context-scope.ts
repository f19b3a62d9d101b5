import type { Caller } from "@muster/domain/actor.ts";
import { type SQL, sql } from "drizzle-orm";
import { type ReachValues, reachOf } from "../authorize.ts";
import { withinReach } from "../caller-values.ts";

/**
 * The guard of every statement about contexts, as SQL over the table's alias and the numbers of three parameters: the
 * caller's reach, and, for an agent's own credentials, only its own contexts and the project's shared ones.
 */
export function inContextScope(alias: string, first: number): string {
  const [workspaces, projects] = [first, first + 1].map((number) => `$${number}::uuid[]`);
  const agent = `$${first + 2}::uuid`;
  return (
    `(${workspaces} is null or ${alias}.workspace_id = any(${workspaces})) and (${projects} is null or ${alias}.project_id = any(${projects})) ` +
    `and (${agent} is null or ${alias}.agent_id is null or ${alias}.agent_id = ${agent})`
  );
}

/** The values of the three parameters. */
export function contextScopeOf(caller: Caller): [...reach: ReachValues, agentId: string | null] {
  return [...reachOf(caller), callingAgent(caller)];
}

/** The same guard for a query that is composed at run time. */
export function withinContextScope(caller: Caller, alias: string): SQL {
  const agent = callingAgent(caller);
  if (agent === null) return withinReach(caller, alias);
  const owner = sql`${sql.identifier(alias)}.agent_id`;
  return sql`${withinReach(caller, alias)} and (${owner} is null or ${owner} = ${agent}::uuid)`;
}

/** The agent whose own credentials the caller has, or null. */
export function callingAgent(caller: Caller): string | null {
  return caller.actor.kind === "AGENT" ? caller.actor.id : null;
}
