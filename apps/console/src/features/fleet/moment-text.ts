import type { TimeSpan } from "#features/fleet/time-range.ts";

const DAY_MS = 86_400_000;
const MOMENT = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });

/** "Sat, 21 Nov 2026, 14:02:11", in the reader's own time zone. */
export function momentText(moment: number): string {
  return MOMENT.format(new Date(moment));
}

/** "14:00" on a short way, "21 Nov" at midnight and on a long one. */
export function tickText(tick: number, { from, to }: TimeSpan): string {
  const date = new Date(tick);
  const midnight = date.getHours() === 0 && date.getMinutes() === 0;
  return midnight || to - from > 4 * DAY_MS ? DAY.format(date) : TIME.format(date);
}
