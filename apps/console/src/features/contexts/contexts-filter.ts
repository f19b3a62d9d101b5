import type { RollbackState } from "#api/generated/graphql.ts";
import type { ContextsView } from "#routes.ts";

/** The filters of the list: what the address calls them, what the reader does, and which rollbacks they keep. */
export const ROLLBACK_FILTERS = {
  all: { word: "All", states: undefined },
  pending: { word: "Rolling back", states: ["PENDING"] },
  failed: { word: "Rollback failed", states: ["FAILED"] },
  succeeded: { word: "Rolled back", states: ["SUCCEEDED"] },
} as const satisfies Record<string, { word: string; states: readonly RollbackState[] | undefined }>;
export type RollbackFilter = keyof typeof ROLLBACK_FILTERS;

export interface ContextsFilter extends Omit<ContextsView, "shared"> {
  readonly rollback: RollbackFilter;
  readonly search: string;
  /** An agent's id; undefined: of anybody. */
  readonly agent: string | undefined;
  /** Only those that the agents share. */
  readonly shared: boolean;
}

const AGENT_ID = /^agent_[0-9a-z]{1,40}$/;

/** Reads an address; what it says that cannot be is left out. */
export function contextsFilter(address: Pick<URLSearchParams, "get">): ContextsFilter {
  const rollback = address.get("rollback") ?? "";
  const agent = address.get("agent") ?? "";
  return {
    rollback: Object.hasOwn(ROLLBACK_FILTERS, rollback) ? (rollback as RollbackFilter) : "all",
    search: (address.get("search") ?? "").trim(),
    agent: AGENT_ID.test(agent) ? agent : undefined,
    shared: address.get("shared") === "yes",
    columns: address.get("columns") ?? undefined,
  };
}

/** The part of it that stands in an address. */
export function viewOf({ rollback, shared, ...rest }: ContextsFilter): ContextsView {
  return { ...rest, rollback: rollback === "all" ? undefined : rollback, shared: shared ? "yes" : undefined };
}

/** Whether it leaves out some contexts. */
export function isNarrowed({ rollback, search, agent, shared }: ContextsFilter): boolean {
  return rollback !== "all" || search !== "" || agent !== undefined || shared;
}
