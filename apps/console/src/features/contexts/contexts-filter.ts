import type { RollbackState } from "#api/generated/graphql.ts";
import type { ContextsView } from "#routes.ts";

/** The filters of the list: what the address calls them, what the reader does, and which rollbacks they keep. */
export const ROLLBACK_FILTERS = {
  all: { word: "All", states: undefined },
  pending: { word: "Rolling back", states: ["PENDING"] },
  failed: { word: "Rollback failed", states: ["FAILED"] },
} as const satisfies Record<string, { word: string; states: readonly RollbackState[] | undefined }>;
export type RollbackFilter = keyof typeof ROLLBACK_FILTERS;

export interface ContextsFilter extends ContextsView {
  readonly rollback: RollbackFilter;
  readonly search: string;
}

/** Reads an address; what it says that cannot be is left out. */
export function contextsFilter(address: Pick<URLSearchParams, "get">): ContextsFilter {
  const rollback = address.get("rollback") ?? "";
  const before = address.get("before") ?? undefined;
  return {
    rollback: Object.hasOwn(ROLLBACK_FILTERS, rollback) ? (rollback as RollbackFilter) : "all",
    search: (address.get("search") ?? "").trim(),
    after: before === undefined ? (address.get("after") ?? undefined) : undefined,
    before,
  };
}

/** The part of it that stands in an address. */
export function viewOf({ rollback, ...rest }: ContextsFilter): ContextsView {
  return { ...rest, rollback: rollback === "all" ? undefined : rollback };
}
