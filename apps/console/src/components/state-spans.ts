import type { AgentState } from "#api/generated/graphql.ts";
import { newestFirst } from "#live/merge-events.ts";

/** A time that an agent spent in one state, in milliseconds since 1970. */
export interface StateSpan {
  readonly state: AgentState;
  readonly from: number;
  readonly to: number;
}

/** What an event of type `AgentTransitioned` tells. */
export interface Transition {
  readonly id: string;
  readonly at: string;
  readonly from: AgentState;
  readonly to: AgentState;
  /** How long it was in `from`; null when that is not known. */
  readonly durationMs: number | null;
}

/** What an agent itself tells. */
export interface CurrentState {
  readonly state: AgentState;
  readonly stateSince: string;
}

/**
 * An agent's states between two times, in order and never overlapping, from its transitions in any order and what it is
 * now. A time of which nothing is known has no span: before the agent existed, or where transitions are missing.
 */
export function stateSpans(
  transitions: readonly Transition[],
  current: CurrentState,
  from: number,
  to: number,
): StateSpan[] {
  const spans: StateSpan[] = [];
  const add = (state: AgentState, start: number, end: number) => {
    const last = spans.at(-1);
    const begins = Math.max(start, last?.to ?? from);
    const ends = Math.min(end, to);
    if (ends <= begins) return;
    if (last?.state === state && last.to === begins) spans[spans.length - 1] = { ...last, to: ends };
    else spans.push({ state, from: begins, to: ends });
  };
  let before: Transition | undefined;
  for (const transition of newestFirst(transitions).reverse()) {
    add(transition.from, startOf(transition, before), Date.parse(transition.at));
    before = transition;
  }
  const since = Date.parse(current.stateSince);
  // The agent may be known to have moved on an instant before its event arrives.
  if (before) add(before.to, Date.parse(before.at), since);
  add(current.state, since, to);
  return spans;
}

/** Since when it was in the state that a transition ended. */
function startOf({ at, from, durationMs }: Transition, before: Transition | undefined): number {
  if (before?.to === from) return Date.parse(before.at);
  return Date.parse(at) - (durationMs ?? 0);
}
