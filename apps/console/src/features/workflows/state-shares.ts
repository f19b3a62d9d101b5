import type { TaskState } from "#api/generated/graphql.ts";

/** In this order they stand in a bar: what is done, what has gone wrong, what goes on, what is to come. */
export const BAR_ORDER: readonly TaskState[] = [
  "SUCCEEDED",
  "FAILED",
  "EXPIRED",
  "CANCELLED",
  "CANCELLING",
  "RUNNING",
  "ASSIGNED",
  "QUEUED",
  "WAITING",
];
const ENDED = 4;

export interface StateShare {
  readonly state: TaskState;
  readonly count: number;
}

/** The counts in the bar's order, without those of nothing. */
export function inBarOrder(counts: readonly StateShare[]): readonly StateShare[] {
  return BAR_ORDER.flatMap((state) => counts.filter((one) => one.state === state && one.count > 0));
}

/** How many of the tasks have ended, however they did. */
export function endedOf(counts: readonly StateShare[]): number {
  const ended = BAR_ORDER.slice(0, ENDED);
  return counts.reduce((sum, { state, count }) => (ended.includes(state) ? sum + count : sum), 0);
}

/** How many of the states there are. */
export function countStates(states: readonly TaskState[]): readonly StateShare[] {
  return BAR_ORDER.map((state) => ({ state, count: states.filter((one) => one === state).length }));
}
