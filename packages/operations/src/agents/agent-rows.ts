import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { reachOf } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";
import { type Agent, agentColumns } from "./agent.ts";

const agentsById = statement<Agent>(`
  select ${agentColumns("a")} from agents a
  where a.id = any($1::uuid[]) and ($2::uuid[] is null or a.workspace_id = any($2)) and ($3::uuid[] is null or a.project_id = any($3))`);

/** The agents with these ids in the caller's reach, in any order, for operations that have asked for their permission. */
export async function getAgentRows(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<Agent[]> {
  return runtime.database.run(agentsById, [ids, ...reachOf(caller)]);
}
