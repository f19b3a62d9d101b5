import type { Caller } from "@muster/domain/actor.ts";
import { AGENT_ACTIONS, AGENT_STATES, TRANSITION_MODES } from "@muster/domain/agent-lifecycle.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { parseInput, text } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import type { Agent } from "./agent.ts";
import { moveAgent } from "./move-agent.ts";

const TransitionAgent = z.object({
  agentId: z.uuid(),
  action: z.enum(AGENT_ACTIONS),
  reason: text(1000),
  mode: z.enum(TRANSITION_MODES).nullish(),
  expectedState: z.enum(AGENT_STATES).nullish(),
});
export type TransitionAgentInput = z.input<typeof TransitionAgent>;

/**
 * An operator's action on an agent. Throws as `moveAgent` does; an action that is not an operator's is never allowed.
 */
export async function transitionAgent(runtime: Runtime, caller: Caller, input: TransitionAgentInput): Promise<Agent> {
  caller = authorize(caller, "agent.transition");
  const { mode = null, expectedState = null, ...move } = parseInput(TransitionAgent, input);
  return moveAgent(runtime, caller, { ...move, mode, expectedState, trigger: "operator" });
}
