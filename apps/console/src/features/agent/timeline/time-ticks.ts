export interface Tick {
  readonly at: number;
  /** Where between the ends, from 0 to 1. */
  readonly position: number;
  /** How far it is to the next one: says how much of the time is worth telling. */
  readonly step: number;
}

const SECOND_MS = 1_000;
const DAY_SECONDS = 86_400;
/** Distances that clocks and calendars are read in, in seconds. */
const STEPS = [
  [1, 2, 5, 10, 15, 30],
  [1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720].map((minutes) => minutes * 60),
  [1, 2, 5, 10, 30, 90, 365].map((days) => days * DAY_SECONDS),
].flat();
const MOST_TICKS = 7;
/** Nearer to the ends a label would be cut off. */
const MARGIN = 0.03;

/** Round times of the reader's own clock between two times, all in milliseconds; `offsetMinutes` as `Date.getTimezoneOffset` says. */
export function timeTicks(from: number, to: number, offsetMinutes: number): Tick[] {
  const step =
    (STEPS.find((seconds) => (to - from) / (seconds * SECOND_MS) <= MOST_TICKS) ?? 3_650 * DAY_SECONDS) * SECOND_MS;
  const offset = offsetMinutes * 60 * SECOND_MS;
  const ticks: Tick[] = [];
  for (let at = Math.ceil((from - offset) / step) * step + offset; at <= to; at += step) {
    const position = (at - from) / (to - from);
    if (position > MARGIN && position < 1 - MARGIN) ticks.push({ at, position, step });
  }
  return ticks;
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const MINUTE = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const SECOND = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

/** "21 Nov", "14:05" or "14:05:30": as much as tells a tick from the next. */
export function tickText({ at, step }: Tick): string {
  if (step >= DAY_SECONDS * SECOND_MS) return DAY.format(at);
  return (step < 60 * SECOND_MS ? SECOND : MINUTE).format(at);
}
