import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { reachOf } from "../authorize.ts";
import { type Agent, agentColumns } from "./agent.ts";

// Not "for update": inserting a task that names the agent must not wait.
const lockStatement = statement<Agent>(`
  select ${agentColumns("a")} from agents a
  where a.id = $1 and ($2::uuid[] is null or a.workspace_id = any($2)) and ($3::uuid[] is null or a.project_id = any($3)) for no key update`);

/** The agent as it is, locked until the transaction ends. Agents are locked before tasks, and tasks before contexts. */
export async function lockAgent(transaction: Connection, caller: Caller, agentId: string): Promise<Agent> {
  const [agent] = await transaction.run(lockStatement, [agentId, ...reachOf(caller)]);
  if (!agent) throw new NotFound("agent");
  return agent;
}
