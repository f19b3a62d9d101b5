import type { TaskState } from "#api/generated/graphql.ts";

/** A run, as far as its outcome goes. */
export interface Run {
  readonly state: TaskState;
  readonly error: { readonly message: string } | null;
}

/** How many of the latest runs failed in a row, and why the last one did. Runs that have not ended say nothing. */
export function failedInARow(runs: readonly Run[]): { readonly count: number; readonly message: string | null } {
  const ended = runs.filter(({ state }) => ["SUCCEEDED", "FAILED", "EXPIRED", "CANCELLED"].includes(state));
  const first = ended.findIndex(({ state }) => state !== "FAILED" && state !== "EXPIRED");
  const failed = first < 0 ? ended : ended.slice(0, first);
  return { count: failed.length, message: failed[0]?.error?.message ?? null };
}
