import type { Caller } from "@muster/domain/actor.ts";
import { reachOf } from "../authorize.ts";

/**
 * The guard of every statement about contexts, as SQL over the table's alias and the numbers of three parameters: the
 * caller's reach, and, for an agent's own credentials, only its own contexts and the project's shared ones.
 */
export function inContextScope(alias: string, first: number): string {
  const [workspace, project, agent] = [first, first + 1, first + 2].map((number) => `$${number}::uuid`);
  return (
    `(${workspace} is null or ${alias}.workspace_id = ${workspace}) and (${project} is null or ${alias}.project_id = ${project}) ` +
    `and (${agent} is null or ${alias}.agent_id is null or ${alias}.agent_id = ${agent})`
  );
}

/** The values of the three parameters. */
export function contextScopeOf(
  caller: Caller,
): [workspaceId: string | null, projectId: string | null, agentId: string | null] {
  return [...reachOf(caller), callingAgent(caller)];
}

/** The agent whose own credentials the caller has, or null. */
export function callingAgent(caller: Caller): string | null {
  return caller.actor.kind === "AGENT" ? caller.actor.id : null;
}
