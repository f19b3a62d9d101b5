import type { AgentState, TaskState } from "#api/generated/graphql.ts";

/** One of the first that would be chosen. */
export interface SampleRow {
  readonly id: string;
  readonly name: string;
  readonly state: { readonly agent: AgentState } | { readonly task: TaskState };
}

/** What a dry run found. */
export interface BulkPreview {
  readonly count: number;
  /** There are more than a job may have. */
  readonly countIsCapped: boolean;
  readonly sample: readonly SampleRow[];
  /** Of agents: the states they are in, and what the action would mean there. Null for tasks: all of them can take it. */
  readonly states: readonly PreviewState[] | null;
}

export interface PreviewState {
  readonly state: AgentState;
  readonly count: number;
  readonly allowed: boolean;
  readonly draining: number;
}

/** How many of the chosen can take the action now. */
export function allowedCount({ count, states }: BulkPreview): number {
  if (states === null) return count;
  return states.reduce((sum, state) => sum + (state.allowed ? state.count : 0), 0);
}

/** How many of those finish tasks first. */
export function drainingCount({ states }: BulkPreview): number {
  return (states ?? []).reduce((sum, { draining }) => sum + draining, 0);
}
