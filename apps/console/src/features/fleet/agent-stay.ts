import { graphql } from "#api/generated/gql.ts";
import type { AgentState, FleetArrivalFragment as Arrival } from "#api/generated/graphql.ts";
import { reasonText } from "#events/event-payload.ts";

/** How an agent came to be in a state. */
export const ArrivalFragment = graphql(`
  fragment FleetArrival on AgentTransitioned {
    id
    to
    reason
    actor {
      kind
      id
      name
    }
  }
`);

/** What to say of an agent that is not at work, when nobody gave a reason. */
const OTHERWISE: Partial<Record<AgentState, string>> = {
  REGISTERED: "Its process has never connected",
  DEPLOYING: "Its process is being started",
  SUSPENDED: "It takes no tasks until it is resumed",
  MAINTENANCE: "It takes no tasks until it is resumed",
  OFFLINE: "Its process does not run",
  DECOMMISSIONED: "It is out of service for good",
};

/**
 * Why it is not at work, and who wanted that: "“disk replaced”, by admin". Null for those that are at work or in trouble.
 * `arrival` is how it came to its state, as far as that is known.
 */
export function stayText(state: AgentState, arrival: Arrival | undefined): string | null {
  const otherwise = OTHERWISE[state];
  if (otherwise === undefined) return null;
  if (arrival?.to !== state) return otherwise;
  const by = arrival.actor.kind === "SYSTEM" ? "" : `, by ${arrival.actor.name}`;
  return `${reasonText(arrival) ?? otherwise}${by}`;
}
