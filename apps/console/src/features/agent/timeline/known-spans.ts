import type { AgentState } from "#api/generated/graphql.ts";
import type { StateSpan } from "#components/state-spans.ts";

/** A span of the bar. */
export interface KnownSpan extends StateSpan {
  /** The transition that began it; null when that lies further back. */
  readonly event: string | null;
  /** How many moves are folded into it. */
  readonly moves: number;
}

/** A transition that came after the spans were read. */
export interface Move {
  readonly id: string;
  readonly at: string;
  readonly to: AgentState;
}

/** Spans as they were read, carried on by what has happened since until now. */
export function carriedOn(spans: readonly KnownSpan[], moves: readonly Move[], now: number): KnownSpan[] {
  const known = [...spans];
  for (const { id, at, to } of moves) {
    const time = Date.parse(at);
    const last = known.at(-1);
    if (last && (time < last.from || last.event === id)) continue;
    if (last) known[known.length - 1] = { ...last, to: time };
    known.push({ state: to, from: time, to: time, event: id, moves: 1 });
  }
  const last = known.at(-1);
  if (last && last.to < now) known[known.length - 1] = { ...last, to: now };
  return known;
}

/** The parts of spans that lie between two times. */
export function clipped(spans: readonly KnownSpan[], from: number, to: number): KnownSpan[] {
  return spans
    .filter((span) => span.to > from && span.from < to)
    .map((span) => ({ ...span, from: Math.max(span.from, from), to: Math.min(span.to, to) }));
}
