import type { AgentAction, AgentTrigger } from "@muster/domain/agent-lifecycle.ts";
import { Conflict, IllegalTransition, NotFound } from "@muster/domain/errors.ts";
import { moveAgent } from "@muster/operations/agents/move-agent.ts";
import { systemCaller } from "@muster/operations/authorize.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import type { SupervisedAgent } from "@muster/operations/supervision/supervised-agents.ts";

export const supervisor = systemCaller("supervisor");

/** STOP and FAIL say what has happened to the process; START and RESTART carry out what an operator asked for once. */
const TRIGGERS = {
  STOP: "runtime",
  FAIL: "runtime",
  START: "operator",
  RESTART: "operator",
} as const satisfies Partial<Record<AgentAction, AgentTrigger>>;

export type SupervisorAction = keyof typeof TRIGGERS;

/**
 * Moves an agent out of the state that it was seen in. Gives it as it is then, or null when it is in another state by now:
 * then whoever moved it decides, and what is to be done has to be thought over.
 */
export async function move(
  runtime: Runtime,
  seen: SupervisedAgent,
  action: SupervisorAction,
  reason: string,
): Promise<SupervisedAgent | null> {
  try {
    const { state, version, definitionVersion } = await moveAgent(runtime, supervisor, {
      agentId: seen.id,
      action,
      trigger: TRIGGERS[action],
      reason,
      mode: "NOW",
      expectedState: seen.state,
    });
    return { ...seen, state, version, definitionVersion };
  } catch (error) {
    if (error instanceof Conflict || error instanceof IllegalTransition || error instanceof NotFound) return null;
    throw error;
  }
}
