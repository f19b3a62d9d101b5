import type { Connection } from "@muster/database/database.ts";
import type { Caller } from "@muster/domain/actor.ts";
import {
  AGENT_STATES,
  type AgentAction,
  agentLifecycle,
  type AgentState,
  type AgentTrigger,
  GONE_STATES,
  type TransitionMode,
} from "@muster/domain/agent-lifecycle.ts";
import { Conflict, IllegalTransition } from "@muster/domain/errors.ts";
import { allowedActions, drainingStates, type Moves, nextState } from "@muster/domain/lifecycle.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import type { Agent } from "./agent.ts";
import { applyTransition } from "./apply-transition.ts";
import { lockAgentToRun, requireRoomToRun } from "./lock-agent.ts";
import { requestDrain } from "./request-drain.ts";
import { transitionStatement, transitionValues } from "./transition-statement.ts";

export interface AgentMove {
  readonly agentId: string;
  readonly action: AgentAction;
  /** In whose name it fires; the lifecycle says which actions each may fire. */
  readonly trigger: AgentTrigger;
  readonly reason: string | null;
  /** For an operator DRAIN unless given. What others report has happened already: NOW. */
  readonly mode?: TransitionMode | null;
  readonly expectedState?: AgentState | null;
  /** What went wrong, where the action leads to ERROR; without it, the reason. */
  readonly error?: string | null;
}

/**
 * The one operation that moves agents, for operators, agents, what runs them, and Muster; who may do so is up to its
 * callers. Gives the agent after the move, or, while it drains, with the pending action. An operator's action replaces
 * one that is pending. Throws `NotFound`, `Conflict` (expectedState), `IllegalTransition`, which lists what is allowed, and
 * `LimitExceeded` when as many agents of the workspace run as may.
 */
export async function moveAgent(runtime: Runtime, caller: Caller, move: AgentMove): Promise<Agent> {
  return (
    (await moveQuietAgent(runtime, caller, move)) ??
    writeAll(runtime, (transaction) => moveLocked(transaction, caller, move))
  );
}

/** One statement is enough for an agent without tasks and pending action, on the way to where nothing has to follow. */
async function moveQuietAgent(runtime: Runtime, caller: Caller, move: AgentMove): Promise<Agent | null> {
  const moves = QUIET_MOVES.get(`${move.trigger} ${move.action}`);
  if (!moves) return null;
  const values = transitionValues(caller, { ...move, ...moves, mode: modeOf(move), error: null, quiet: true });
  const [moved] = await runtime.database.run(transitionStatement, values);
  if (moved) runtime.committed();
  return moved ?? null;
}

/** The same in a transaction, which locks the agent's row: nothing that comes after agents may be locked before. */
export async function moveLocked(transaction: Connection, caller: Caller, move: AgentMove): Promise<Agent> {
  const { agentId, action, trigger, reason, expectedState, error } = move;
  const locked = await lockAgentToRun(transaction, caller, agentId);
  const { agent } = locked;
  if (expectedState && expectedState !== agent.state) throw new Conflict("state", expectedState, agent.state);
  const allowed = allowedActions(agentLifecycle, agent.state, trigger);
  if (!allowed.includes(action)) throw new IllegalTransition("agent", agent.state, action, allowed);
  const mode = modeOf(move);
  const drains =
    mode === "DRAIN" && agent.activeTasks > 0 && drainingStates(agentLifecycle, action).includes(agent.state);
  if (drains) return requestDrain(transaction, caller, agentId, action, reason);
  const target = nextState(agentLifecycle, agent.state, action);
  if (target !== null) await requireRoomToRun(transaction, locked, target);
  return applyTransition(transaction, caller, agent, {
    action,
    reason,
    mode,
    error: error ?? null,
    overrules: trigger === "operator",
  });
}

/** Nobody but operators chooses a mode. */
function modeOf({ trigger, mode }: AgentMove): TransitionMode | null {
  return trigger === "operator" ? (mode ?? "DRAIN") : null;
}

/** By trigger and action: the moves from which, for an agent without tasks, nothing follows. */
const QUIET_MOVES: ReadonlyMap<string, Moves<AgentState>> = new Map(
  agentLifecycle.rules.flatMap(({ action, firedBy }) =>
    firedBy.flatMap((trigger) => {
      const from = AGENT_STATES.filter((state) => allowedActions(agentLifecycle, state, trigger).includes(action));
      const to = from.flatMap((state) => nextState(agentLifecycle, state, action) ?? []);
      const quiet = to.every((state) => !GONE_STATES.some((gone) => gone === state));
      return quiet ? [[`${trigger} ${action}`, { from, to }] as const] : [];
    }),
  ),
);
