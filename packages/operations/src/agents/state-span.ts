import type { AgentState } from "@muster/domain/agent-lifecycle.ts";
import { mostSevere } from "./state-severity.ts";

/** A part of an agent's past. */
export interface StateSpan {
  readonly state: AgentState;
  readonly from: Date;
  readonly to: Date;
  /** The transition that it begins with; null where none does: the agent was in that state before. Decimal. */
  readonly eventId: string | null;
  /** How many transitions there are in it: 1 for what one of them began, 0 for what was so before. */
  readonly transitions: number;
}

/** A transition as a bar of states needs it. */
export interface Turn {
  /** Decimal. */
  readonly id: string;
  readonly at: Date;
  readonly state: AgentState;
}

/** A stretch of time. */
export interface Range {
  readonly from: Date;
  readonly to: Date;
}

/** The spans of an agent that was in `state` at the beginning and then took these turns, in order. */
export function exactSpans(state: AgentState, turns: readonly Turn[], { from, to }: Range): StateSpan[] {
  const first = turns[0]?.at ?? to;
  const before = first > from ? [{ state, from, to: first, eventId: null, transitions: 0 }] : [];
  const begun = turns.map((turn, at) => ({
    state: turn.state,
    from: turn.at,
    to: turns[at + 1]?.at ?? to,
    eventId: turn.id,
    transitions: 1,
  }));
  return [...before, ...begun];
}

/** Two transitions of an agent with none in between and a slice's beginning in between; the ends of the range stand for those outside. */
export interface Gap {
  /** Decimal. */
  readonly id: string;
  /** The slice of the earlier one, -1 before the range, and the state that it led to. */
  readonly slice: number;
  readonly state: AgentState;
  readonly version: number;
  /** Decimal. */
  readonly nextId: string;
  /** The slice of the later one; their number after the range. */
  readonly nextSlice: number;
  readonly nextVersion: number;
}

/** A slice with transitions: the first and the last of them, and how many there are. */
export interface BusySlice {
  readonly slice: number;
  readonly firstId: string;
  readonly lastId: string;
  readonly transitions: number;
}

/** What a slice's transitions led to, besides being busy and resting. */
export interface Notable {
  readonly slice: number;
  readonly states: readonly AgentState[];
  readonly transitions: number;
}

/** The slices with transitions, by the gaps before and after each. */
export function busySlices(gaps: readonly Gap[]): BusySlice[] {
  return gaps.slice(1).map((after, at) => {
    const before = gaps[at] ?? after;
    return {
      slice: before.nextSlice,
      firstId: before.nextId,
      lastId: after.id,
      transitions: after.version - before.nextVersion + 1,
    };
  });
}

/**
 * The spans of an agent that moved too often to show each: of equal slices, each with transitions is one span, which shows the most
 * severe state that the agent was in within it, so that no failure is lost; slices without any are put together.
 */
export function foldedSpans(
  gaps: readonly Gap[],
  notables: readonly Notable[],
  { from, to }: Range,
  slices: number,
): StateSpan[] {
  const startOf = (slice: number) => new Date(from.getTime() + ((to.getTime() - from.getTime()) * slice) / slices);
  const notableOf = new Map(notables.map((notable) => [notable.slice, notable]));
  const busyOf = new Map(busySlices(gaps).map((busy) => [busy.slice, busy]));
  return gaps.flatMap(({ slice, state, nextSlice }) => {
    const quiet = { state, from: startOf(slice + 1), to: startOf(nextSlice), eventId: null, transitions: 0 };
    const spans: StateSpan[] = nextSlice - slice > 1 ? [quiet] : [];
    const busy = busyOf.get(nextSlice);
    if (!busy) return spans;
    const notable = notableOf.get(nextSlice);
    // What is not notable is the begin or the end of work: it was busy.
    const working: AgentState[] = busy.transitions > (notable?.transitions ?? 0) ? ["BUSY"] : [];
    spans.push({
      state: mostSevere(new Set([state, ...(notable?.states ?? []), ...working])),
      from: startOf(nextSlice),
      to: startOf(nextSlice + 1),
      eventId: busy.firstId,
      transitions: busy.transitions,
    });
    return spans;
  });
}
