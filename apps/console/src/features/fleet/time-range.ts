/** A stretch of time, in milliseconds since 1970. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

const HOUR = 3_600_000;

/** How far back the way through time goes; "all" is as far as events are kept. */
export const RANGES = { "1h": "1 h", "6h": "6 h", "24h": "24 h", "7d": "7 d", all: "All" } as const;
export type Range = keyof typeof RANGES;
const LENGTHS: Readonly<Record<Range, number>> = {
  "1h": HOUR,
  "6h": 6 * HOUR,
  "24h": 24 * HOUR,
  "7d": 168 * HOUR,
  all: Infinity,
};

/** The range that an address names, or the shortest one in which the moments lie. */
export function rangeIn(address: string | undefined, moments: readonly number[], now: number): Range {
  const asked = (Object.keys(RANGES) as Range[]).find((range) => range === address);
  const oldest = Math.min(...moments);
  const reaches = (range: Range) => now - LENGTHS[range] <= oldest;
  if (asked && reaches(asked)) return asked;
  return (Object.keys(RANGES) as Range[]).find(reaches) ?? "all";
}

/** From when to when a range goes. `since`: before it nothing is known, and so it is where "all" begins. */
export function spanOf(range: Range, now: number, since: number): TimeSpan {
  return { from: range === "all" ? Math.min(since, now - LENGTHS["1h"]) : now - LENGTHS[range], to: now };
}

/** The moment within the span. */
export function within({ from, to }: TimeSpan, moment: number): number {
  return Math.min(Math.max(moment, from), to);
}

/** Where a moment stands on a way of that length: 0 to 1. */
export function shareOf({ from, to }: TimeSpan, moment: number): number {
  return (within({ from, to }, moment) - from) / Math.max(1, to - from);
}

/** The moment at a place of the way: 0 to 1. */
export function momentAt({ from, to }: TimeSpan, share: number): number {
  return Math.round(from + Math.min(Math.max(share, 0), 1) * (to - from));
}

/** How a key moves along the way: a small step, a large one, to an end. Null for a key that moves nothing. */
export function movedBy(span: TimeSpan, moment: number, key: string): number | null {
  const length = span.to - span.from;
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return within(span, moment - length / 200);
    case "ArrowRight":
    case "ArrowUp":
      return within(span, moment + length / 200);
    case "PageDown":
      return within(span, moment - length / 12);
    case "PageUp":
      return within(span, moment + length / 12);
    case "Home":
      return span.from;
    case "End":
      return span.to;
    default:
      return null;
  }
}

const STEPS = [1, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080, 20_160, 43_200].map(
  (minutes) => minutes * 60_000,
);

/** Round times along the way, at most `most` of them. `offset`: what the reader's clock is ahead of UTC, in milliseconds. */
export function ticksOf({ from, to }: TimeSpan, most: number, offset: number): number[] {
  const step = STEPS.find((each) => (to - from) / each <= most) ?? STEPS.at(-1) ?? 1;
  const ticks: number[] = [];
  for (let tick = Math.ceil((from + offset) / step) * step - offset; tick <= to; tick += step) ticks.push(tick);
  return ticks;
}
