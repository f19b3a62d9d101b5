import { statement } from "@muster/database/statement.ts";
import type { AgentState } from "@muster/domain/agent-lifecycle.ts";
import { type AgentStanding, standingOf } from "../agents/agent-standing.ts";
import { capacityOf } from "./available-agent.ts";
import type { TaskBlocker, TaskBlockReason } from "./task-blocker.ts";
import type { WaitingTask } from "./task-blockers-facts.ts";

/** Agents of a lane that are alike: those that it is for, or those with its capability. */
export interface LaneAgents {
  readonly laneId: string;
  /** Whether they have the labels that its tasks require. */
  readonly fits: boolean;
  readonly standing: AgentStanding;
  readonly state: AgentState;
  readonly count: number;
  /** The first of them. */
  readonly agentId: string;
  /** How many tasks they hold, and how many they can. */
  readonly held: number;
  readonly capacity: number;
}

/** The agents of the lanes $1; $2 the limit of missed offers. */
export const laneAgents = statement<LaneAgents>(`
  select l.id as "laneId", a.labels @> l.required_labels as fits, ${standingOf("a", "$2::int")} as standing, a.state,
    count(*)::int as count, min(a.id::text) as "agentId", sum(a.active_tasks)::int as held,
    sum(${capacityOf("a")})::int as capacity
  from lanes l cross join lateral (
    select a.* from agents a
    where l.target_agent_id is null and a.project_id = l.project_id and a.capabilities @> array[l.capability]
      and a.state <> 'DECOMMISSIONED'
    union all
    select a.* from agents a where a.id = l.target_agent_id
  ) a
  where l.id = any($1::bigint[]) group by 1, 2, 3, 4 order by 3, 4`);

/** Why none of a task's agents can be given it; nothing when one can. */
export function agentBlockers(task: WaitingTask, agents: readonly LaneAgents[]): TaskBlocker[] {
  const { requiredLabels: labels, targetAgentId } = task;
  const needed = task.capability === null ? {} : { capability: task.capability };
  const can = `can do ${JSON.stringify(task.capability)}`;
  if (agents.length === 0) {
    const message = `No agent of the project ${can}. Register one with this capability, or connect one that declares it.`;
    return [{ reason: "NO_AGENT_WITH_CAPABILITY", message, ...needed }];
  }
  const fitting = agents.filter((group) => group.fits);
  if (fitting.length === 0) {
    const who = targetAgentId === null ? `No agent that ${can} has` : "The agent that it is for does not have";
    const message = `${who} the labels ${JSON.stringify(labels)}. Set them with updateAgent.`;
    return [{ reason: "NO_AGENT_WITH_LABELS", message, labels, ...needed, ...agentOf(task, agents) }];
  }
  if (fitting.some((group) => group.standing === "AVAILABLE")) return [];
  const full = fitting.filter((group) => group.standing === "FULL");
  if (full.length > 0) return [busy(task, full)];
  return [...Map.groupBy(fitting, reasonOf)].map(([reason, members]) => {
    const one = targetAgentId !== null || sum(members, "count") === 1;
    return {
      reason,
      message: `${subjectOf(task, members)} ${EXPLANATIONS[reason](one, members)}`,
      ...agentOf(task, members),
    };
  });
}

function busy(task: WaitingTask, full: readonly LaneAgents[]): TaskBlocker {
  const [running, limit] = [sum(full, "held"), sum(full, "capacity")];
  const message = `${subjectOf(task, full)} at work with no room left: ${running} of ${limit} tasks held. Wait, raise maxConcurrency, or add agents.`;
  return { reason: "AGENTS_BUSY", message, running, limit, ...agentOf(task, full) };
}

type AwayReason = Exclude<Extract<TaskBlockReason, `AGENT${string}`>, "AGENTS_BUSY">;

function reasonOf({ standing, state }: LaneAgents): AwayReason {
  if (standing === "DRAINING") return "AGENT_DRAINING";
  if (state === "MAINTENANCE") return "AGENT_IN_MAINTENANCE";
  if (state === "SUSPENDED") return "AGENT_SUSPENDED";
  if (state === "DECOMMISSIONED") return "AGENT_DECOMMISSIONED";
  return "AGENTS_NOT_CONNECTED";
}

const EXPLANATIONS: Record<AwayReason, (one: boolean, members: readonly LaneAgents[]) => string> = {
  AGENT_DRAINING: (one) =>
    `draining: ${one ? "it takes" : "they take"} no new task until a pending action has fired. Wait, or take it back with cancelPendingAction.`,
  AGENT_IN_MAINTENANCE: (one) => `in maintenance. Resume ${one ? "it" : "one"} with transitionAgent.`,
  AGENT_SUSPENDED: (one) => `suspended. Resume ${one ? "it" : "one"} with transitionAgent.`,
  AGENT_DECOMMISSIONED: () => "decommissioned and will never run it. Cancel the task, and create it for another agent.",
  AGENTS_NOT_CONNECTED: (one, members) =>
    `not at work: ${members.map(standingText).join(", ")}. Start ${one ? "it" : "one"}, or see what went wrong in lastError.`,
};

function standingText({ standing, state, count }: LaneAgents): string {
  return `${count} ${standing === "NOT_STARTING" ? "does not start what it is given" : state}`;
}

function subjectOf({ targetAgentId }: WaitingTask, members: readonly LaneAgents[]): string {
  if (targetAgentId !== null) return "The agent that it is for is";
  const count = sum(members, "count");
  return count === 1 ? "One agent that could take it is" : `${count} agents that could take it are`;
}

/** The agent, where it is one. */
function agentOf({ targetAgentId }: WaitingTask, members: readonly LaneAgents[]): { agentId?: string } {
  if (targetAgentId !== null) return { agentId: targetAgentId };
  const [only] = members;
  return only && sum(members, "count") === 1 ? { agentId: only.agentId } : {};
}

function sum(members: readonly LaneAgents[], field: "count" | "held" | "capacity"): number {
  return members.reduce((total, member) => total + member[field], 0);
}
