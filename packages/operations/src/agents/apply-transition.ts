import type { Connection } from "@muster/database/database.ts";
import type { Caller } from "@muster/domain/actor.ts";
import {
  type AgentAction,
  agentLifecycle,
  type AgentState,
  ERROR_STATE,
  GONE_STATES,
  HOLDING_STATES,
} from "@muster/domain/agent-lifecycle.ts";
import { nextState } from "@muster/domain/lifecycle.ts";
import { dropAgentFromRollbacks } from "../contexts/rollbacks/drop-agent-from-rollbacks.ts";
import { returnHeldTasks } from "../tasks/return-held-tasks.ts";
import type { Agent } from "./agent.ts";
import { transitionStatement, transitionValues } from "./transition-statement.ts";

export interface AppliedAction {
  readonly action: AgentAction;
  readonly reason: string | null;
  readonly mode?: "DRAIN" | "NOW" | null;
  /** What went wrong, where the action leads to ERROR; without it, the reason. */
  readonly error?: string | null;
  /** Whether it takes the place of a pending action. */
  readonly overrules?: boolean;
}

const isIn = (states: readonly AgentState[], state: AgentState) => states.includes(state);

/**
 * Moves an agent that this transaction has locked, by an action that its lifecycle allows now, with all that follows:
 * outside of the states that may hold tasks it gives them back; when it is gone it drops out of rollbacks; when it comes
 * back with tasks it is BUSY; and when it holds none, the action that was pending fires. Gives the agent as it is then.
 */
export async function applyTransition(
  transaction: Connection,
  caller: Caller,
  agent: Agent,
  applied: AppliedAction,
): Promise<Agent> {
  const target = nextState(agentLifecycle, agent.state, applied.action);
  if (target === null) throw new TypeError(`${applied.action} does not lead out of ${agent.state}.`);
  // An action that was pending and has nowhere to fire from any more is over.
  const isOver =
    agent.pendingAction !== null &&
    !isIn(HOLDING_STATES, target) &&
    nextState(agentLifecycle, target, agent.pendingAction) === null;
  const [moved] = await transaction.run(
    transitionStatement,
    transitionValues(caller, {
      agentId: agent.id,
      action: applied.action,
      from: [agent.state],
      to: [target],
      reason: applied.reason,
      mode: applied.mode ?? null,
      error: target === ERROR_STATE ? (applied.error ?? applied.reason) : null,
      clearPending: applied.overrules === true || isOver,
    }),
  );
  if (!moved) throw new TypeError(`The agent ${agent.id} was not locked.`);
  return follow(transaction, caller, moved);
}

async function follow(transaction: Connection, caller: Caller, agent: Agent): Promise<Agent> {
  let { activeTasks } = agent;
  if (activeTasks > 0 && !isIn(HOLDING_STATES, agent.state)) {
    await returnHeldTasks(transaction, caller, agent.id, `Its agent is ${agent.state} now.`);
    activeTasks = 0;
  }
  if (isIn(GONE_STATES, agent.state)) await dropAgentFromRollbacks(transaction, caller, agent.id);
  const settled: Agent = { ...agent, activeTasks };
  if (activeTasks > 0) {
    if (nextState(agentLifecycle, agent.state, "ASSIGN") === null) return settled;
    return applyTransition(transaction, caller, settled, { action: "ASSIGN", reason: "It still holds tasks." });
  }
  if (agent.pendingAction === null || nextState(agentLifecycle, agent.state, agent.pendingAction) === null)
    return settled;
  return applyTransition(transaction, whoAsked(caller, agent), settled, {
    action: agent.pendingAction,
    reason: agent.pendingReason,
    mode: "DRAIN",
    overrules: true,
  });
}

/** The caller, with the name of whoever asked for the pending action. */
function whoAsked(caller: Caller, agent: Agent): Caller {
  const asked = agent.pendingActor as Pick<Caller["actor"], "kind" | "id" | "name">;
  return { ...caller, actor: { ...caller.actor, kind: asked.kind, id: asked.id, name: asked.name } };
}
