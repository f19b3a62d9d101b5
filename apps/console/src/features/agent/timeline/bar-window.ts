/** Two times in milliseconds since 1970. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

export const RANGES = { "15m": 15, "1h": 60, "6h": 360, "24h": 1_440, "7d": 10_080, all: Infinity } as const;
export type Range = keyof typeof RANGES;
const DEFAULT_RANGE: Range = "1h";
export const RANGE_WORDS: Readonly<Record<Range, string>> = {
  "15m": "15 m",
  "1h": "1 h",
  "6h": "6 h",
  "24h": "24 h",
  "7d": "7 d",
  all: "All",
};

/** How far back an address wants the bar to go. */
export function rangeOf(text: string | null): Range {
  return text !== null && text in RANGES ? (text as Range) : DEFAULT_RANGE;
}

/** What an address has to say of it. */
export function rangeText(range: Range): string | undefined {
  return range === DEFAULT_RANGE ? undefined : range;
}

/** A selection cannot be shorter. */
export const SHORTEST_MS = 100;
/** What is selected outside of the range is shown with so much of its length before it. */
const AROUND = 0.15;

/** What the bar shows: the range until now, or further back when what is selected began before it. */
export function windowOf(range: Range, born: number, now: number, selected: TimeRange | null): TimeRange {
  const wanted = range === "all" ? born : now - RANGES[range] * 60_000;
  const from = selected && selected.from < wanted ? selected.from - (now - selected.from) * AROUND : wanted;
  return { from: Math.min(from, now - 1_000), to: now };
}

/** Ends in order, within a window, and not nearer to each other than can be read. */
export function within(one: number, other: number, { from, to }: TimeRange): TimeRange {
  const begin = Math.max(from, Math.min(one, other));
  const end = Math.min(to, Math.max(one, other));
  return end - begin >= SHORTEST_MS
    ? { from: begin, to: end }
    : { from: Math.min(begin, to - SHORTEST_MS), to: Math.min(begin, to - SHORTEST_MS) + SHORTEST_MS };
}

/** Half of the time (or twice as much) around the middle, within a window. Null when that is all of the window. */
export function zoomed(selected: TimeRange | null, window: TimeRange, towards: "in" | "out"): TimeRange | null {
  const { from, to } = selected ?? window;
  const middle = (from + to) / 2;
  const half = ((to - from) * (towards === "in" ? 0.5 : 2)) / 2;
  const next = within(middle - half, middle + half, window);
  return next.from <= window.from && next.to >= window.to ? null : next;
}
