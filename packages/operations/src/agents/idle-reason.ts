import type { AgentState } from "@muster/domain/agent-lifecycle.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { authorize, reachOf } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";
import { type AgentWork, agentWork } from "./idle-reason-facts.ts";

/** Why an agent is given no more work. */
export const IDLE_REASONS = [
  "NOT_CONNECTED",
  "NOT_AVAILABLE",
  "NOT_STARTING",
  "DRAINING",
  "FULL",
  "TASKS_ARE_READY",
  "WORKSPACE_LIMIT",
  "QUEUE_PAUSED",
  "QUEUE_LIMIT",
  "CONCURRENCY_KEY",
  "RATE_LIMIT",
  "DELAYED",
  "READY_TASKS_NEED_OTHER_CAPABILITIES",
  "NO_READY_TASKS",
] as const;
export type IdleReason = (typeof IDLE_REASONS)[number];

export interface IdleExplanation {
  readonly reason: IdleReason;
  /** A sentence or two for people: what is so, and what to do. */
  readonly message: string;
}

/**
 * Why each of these agents is given no more work now; null for one that works and has room for more, and for those that the
 * caller may not see. One statement, however many agents.
 */
export async function readIdleReasons(
  runtime: Runtime,
  caller: Caller,
  agentIds: readonly string[],
): Promise<ReadonlyMap<string, IdleExplanation | null>> {
  caller = authorize(caller, "agent.read");
  const values = [agentIds, ...reachOf(caller), runtime.settings.missedOffersLimit];
  const rows = await runtime.database.run(agentWork, values);
  const found = new Map(rows.map((row) => [row.agentId, explain(row)]));
  return new Map(agentIds.map((id) => [id, found.get(id) ?? null]));
}

function explain(agent: AgentWork): IdleExplanation | null {
  switch (agent.standing) {
    case "NOT_AT_WORK":
      return AWAY[agent.state] ?? { reason: "NOT_AVAILABLE", message: `It is ${agent.state}.` };
    case "NOT_STARTING":
      return {
        reason: "NOT_STARTING",
        message:
          "It did not start what it was given last, several times. Restart it, or see what its process does with its inbox.",
      };
    case "DRAINING":
      return {
        reason: "DRAINING",
        message: `It takes no new task: ${agent.pendingAction} fires when its last task ends. Take that back with cancelPendingAction.`,
      };
    case "FULL":
      return {
        reason: "FULL",
        message: `It holds ${agent.held} tasks and can hold ${agent.capacity}. Raise maxConcurrency for more at once.`,
      };
    case "AVAILABLE":
      return agent.held > 0 ? null : whatThereIs(agent);
  }
}

const AWAY: Partial<Record<AgentState, IdleExplanation>> = {
  REGISTERED: { reason: "NOT_CONNECTED", message: "Its process has never connected. Start it." },
  DEPLOYING: { reason: "NOT_CONNECTED", message: "Its process is being started and has not connected yet." },
  OFFLINE: { reason: "NOT_CONNECTED", message: "Its process has stopped. Start it." },
  UNRESPONSIVE: {
    reason: "NOT_CONNECTED",
    message: "Its process gives no sign of life. It comes back with its next heartbeat; else start it anew.",
  },
  ERROR: { reason: "NOT_AVAILABLE", message: "It has failed: lastError says how. Start it, or recover it." },
  SUSPENDED: { reason: "NOT_AVAILABLE", message: "It is suspended. Resume it with transitionAgent." },
  MAINTENANCE: { reason: "NOT_AVAILABLE", message: "It is in maintenance. Resume it with transitionAgent." },
  DECOMMISSIONED: { reason: "NOT_AVAILABLE", message: "It is decommissioned, for good." },
};

/** Of what there is for it, the first that holds. */
function whatThereIs(agent: AgentWork): IdleExplanation {
  const holds: readonly (readonly [boolean, IdleReason, string])[] = [
    [
      agent.ready,
      "TASKS_ARE_READY",
      "Tasks are ready for it: it is given them as soon as its process listens to its inbox or claims. If it stays so, its process does neither.",
    ],
    [
      agent.workspaceIsFull,
      "WORKSPACE_LIMIT",
      "Tasks are ready for it, but agents hold as many as the workspace allows. Wait, or raise maxRunningTasks with updateWorkspace.",
    ],
    [
      agent.queueIsPaused,
      "QUEUE_PAUSED",
      "What is ready for it is in a queue that is paused. Continue with resumeQueue.",
    ],
    [
      agent.queueIsFull,
      "QUEUE_LIMIT",
      "What is ready for it is in a queue of which agents hold as many as are allowed. Wait, or raise maxRunning with updateQueue.",
    ],
    [
      agent.behindKeys,
      "CONCURRENCY_KEY",
      "What it could do waits for other tasks with the same concurrency key to end.",
    ],
    [
      agent.behindRates,
      "RATE_LIMIT",
      "What it could do waits for its rate limit. Wait, or raise it with setRateLimit.",
    ],
    [agent.delayed, "DELAYED", "What it could do is to run later."],
    [
      agent.readyForOthers,
      "READY_TASKS_NEED_OTHER_CAPABILITIES",
      "Tasks are ready, but they need capabilities or labels that it does not have, or are for other agents.",
    ],
  ];
  const [, reason, message] = holds.find(([is]) => is) ?? [true, "NO_READY_TASKS", "There is no task for it to do."];
  return { reason: reason as IdleReason, message };
}
