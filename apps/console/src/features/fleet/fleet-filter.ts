import type { AgentState } from "#api/generated/graphql.ts";
import { AGENT_STATES } from "#lifecycles/agent-states.tsx";

/** What the address says about which agents to show. */
export interface FleetFilter {
  /** Any of these; all when it is empty. */
  readonly state: readonly AgentState[];
  readonly search: string;
  /** A page's end: the rows after it, or before it. */
  readonly after: string | undefined;
  readonly before: string | undefined;
}

/** Reads an address; what it says that cannot be is left out. */
export function fleetFilter(address: Pick<URLSearchParams, "get">): FleetFilter {
  const asked = new Set((address.get("state") ?? "").toUpperCase().split(","));
  const before = address.get("before") ?? undefined;
  return {
    state: (Object.keys(AGENT_STATES) as AgentState[]).filter((state) => asked.has(state)),
    search: (address.get("search") ?? "").trim(),
    after: before === undefined ? (address.get("after") ?? undefined) : undefined,
    before,
  };
}

/** The same agents with a state more, or without it, from the first page on. */
export function toggleState(filter: FleetFilter, state: AgentState): FleetFilter {
  const chosen = filter.state.includes(state)
    ? filter.state.filter((each) => each !== state)
    : [...filter.state, state];
  return { ...filter, state: chosen, after: undefined, before: undefined };
}

/** Whether it leaves agents out. */
export function narrows({ state, search }: FleetFilter): boolean {
  return state.length > 0 || search !== "";
}
