import type { AgentState } from "#api/generated/graphql.ts";

export interface AgentStateCount {
  readonly state: AgentState;
  readonly count: number;
}

/** Trouble first, then work, then the rest. */
const ORDER: readonly AgentState[] = [
  "ERROR",
  "UNRESPONSIVE",
  "BUSY",
  "IDLE",
  "ONLINE",
  "DEPLOYING",
  "SUSPENDED",
  "MAINTENANCE",
  "REGISTERED",
  "OFFLINE",
  "DECOMMISSIONED",
];

/** The counts in the order in which a fleet's states are told, without those of nothing that nobody asked for. */
export function presentStates(
  counts: readonly AgentStateCount[],
  asked: readonly AgentState[] = [],
): readonly AgentStateCount[] {
  return counts
    .filter(({ state, count }) => count > 0 || asked.includes(state))
    .toSorted((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state));
}
