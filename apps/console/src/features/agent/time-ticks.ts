export interface Tick {
  readonly at: number;
  /** Where between the ends, from 0 to 1. */
  readonly position: number;
}

const MINUTE_MS = 60_000;
/** Distances that clocks are read in, in minutes. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720] as const;
const MOST_TICKS = 7;
/** Nearer to the ends a label would be cut off. */
const MARGIN = 0.03;

/** Round times of the reader's own clock between two times, all in milliseconds; `offsetMinutes` as `Date.getTimezoneOffset` says. */
export function timeTicks(from: number, to: number, offsetMinutes: number): Tick[] {
  const step = (STEPS.find((minutes) => (to - from) / (minutes * MINUTE_MS) <= MOST_TICKS) ?? 1_440) * MINUTE_MS;
  const offset = offsetMinutes * MINUTE_MS;
  const ticks: Tick[] = [];
  for (let at = Math.ceil((from - offset) / step) * step + offset; at <= to; at += step) {
    const position = (at - from) / (to - from);
    if (position > MARGIN && position < 1 - MARGIN) ticks.push({ at, position });
  }
  return ticks;
}
