import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { type AgentState, RUNNING_STATES } from "@muster/domain/agent-lifecycle.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { reachOf } from "../authorize.ts";
import { refuseBeyond } from "../quotas/require-room.ts";
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

// The locks are taken in this order: the workspace's, where it has the quota, before the agent's.
const lockToRunStatement = statement<Agent & { readonly maxRunning: number | null }>(`
  with quota as materialized (
    select w.max_running_agents as max from agents a join workspaces w on w.id = a.workspace_id
    where a.id = $1 and ($2::uuid[] is null or a.workspace_id = any($2)) and ($3::uuid[] is null or a.project_id = any($3))
      and w.max_running_agents is not null
    for no key update of w
  )
  select ${agentColumns("a")}, (select max from quota) as "maxRunning" from agents a
  where (select count(*) from quota) >= 0
    and a.id = $1 and ($2::uuid[] is null or a.workspace_id = any($2)) and ($3::uuid[] is null or a.project_id = any($3)) for no key update`);

/** An agent that this transaction has locked and may let run, and its workspace's quota of running agents, locked too; null: none. */
export interface LockedToRun {
  readonly agent: Agent;
  readonly maxRunning: number | null;
}

/** Like `lockAgent`, for what may let the agent run: call `requireRoomToRun` before it does. */
export async function lockAgentToRun(transaction: Connection, caller: Caller, agentId: string): Promise<LockedToRun> {
  const [locked] = await transaction.run(lockToRunStatement, [agentId, ...reachOf(caller)]);
  if (!locked) throw new NotFound("agent");
  const { maxRunning, ...agent } = locked;
  return { agent, maxRunning };
}

/** Throws `LimitExceeded` when the agent does not run, would in the state `target`, and its workspace has no room for it. */
export async function requireRoomToRun(
  transaction: Connection,
  { agent, maxRunning }: LockedToRun,
  target: AgentState,
  retryAfterMs: number | null = null,
): Promise<void> {
  if (maxRunning === null || isRunning(agent.state) || !isRunning(target)) return;
  await refuseBeyond(transaction, "maxRunningAgents", agent.workspaceId, maxRunning, retryAfterMs);
}

function isRunning(state: AgentState): boolean {
  return RUNNING_STATES.some((running) => running === state);
}
