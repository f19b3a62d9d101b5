import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { reachOf } from "../authorize.ts";

/** Where an agent is, and which of its processes is the newest. */
export interface AgentPlace {
  readonly projectId: string;
  readonly incarnation: number;
}

const agentById = statement<AgentPlace>(`
  select a.incarnation, a.project_id as "projectId" from agents a
  where a.id = $1 and ($2::uuid[] is null or a.workspace_id = any($2)) and ($3::uuid[] is null or a.project_id = any($3))`);

/** Reads it. Throws `NotFound` when the agent is not in the caller's reach. */
export async function readAgentPlace(connection: Connection, caller: Caller, agentId: string): Promise<AgentPlace> {
  const [agent] = await connection.run(agentById, [agentId, ...reachOf(caller)]);
  if (!agent) throw new NotFound("agent");
  return agent;
}
