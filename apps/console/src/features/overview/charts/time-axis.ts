const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
];

export interface TimeTick {
  /** In ms since 1970. */
  readonly at: number;
  readonly text: string;
}

const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY_NAME = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric" });
const EXACT = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** At most `most` round times of the reader's day between two moments; a midnight reads as its day. */
export function timeTicks(from: number, to: number, most: number): TimeTick[] {
  const step = STEPS.find((each) => (to - from) / each <= Math.max(1, most)) ?? 7 * DAY;
  const ticks: TimeTick[] = [];
  // By the day's own clock: an offset that changes in between is the reader's to bear.
  const offset = new Date(from).getTimezoneOffset() * MINUTE;
  for (let at = Math.ceil((from - offset) / step) * step + offset; at < to; at += step) {
    const midnight = (at - offset) % DAY === 0;
    ticks.push({ at, text: midnight || step >= DAY ? DAY_NAME.format(at) : TIME.format(at) });
  }
  return ticks;
}

/** "14:02 to 14:03"; with the day where the range has several. */
export function sliceText(at: number, bucketMs: number, rangeMs: number): string {
  const first = rangeMs > DAY ? EXACT.format(at) : TIME.format(at);
  return `${first} to ${TIME.format(at + bucketMs)}`;
}
