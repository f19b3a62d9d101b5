import type { FragmentType } from "#api/generated/fragment-masking.ts";
import type { AgentState } from "#api/generated/graphql.ts";
import type { AgentRowFragment } from "#features/fleet/fleet-agent.ts";

/** An agent as it was at a moment. */
export interface PastRow {
  readonly id: string;
  readonly state: AgentState;
  readonly since: string;
  /** The moment. */
  readonly at: string;
  /** What it is now. */
  readonly agent: { readonly id: string } & FragmentType<typeof AgentRowFragment>;
}
