import type { AgentState } from "@muster/domain/agent-lifecycle.ts";

/** Every state of an agent, the one that an operator has to see first at the front. */
export const STATES_BY_SEVERITY = [
  "ERROR",
  "UNRESPONSIVE",
  "OFFLINE",
  "MAINTENANCE",
  "SUSPENDED",
  "DEPLOYING",
  "DECOMMISSIONED",
  "REGISTERED",
  "BUSY",
  "ONLINE",
  "IDLE",
] as const satisfies readonly AgentState[];

/** The most severe of some states. There has to be one. */
export function mostSevere(states: ReadonlySet<AgentState>): AgentState {
  const found = STATES_BY_SEVERITY.find((state) => states.has(state));
  if (!found) throw new TypeError("Of no states none is the most severe.");
  return found;
}
