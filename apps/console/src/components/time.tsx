"use client";
import { useNow } from "#live/now.ts";

const STEPS = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
] as const;

/** "340 ms", "14 s", "2 m 14 s", "1 h", "6 d": the two largest units at most. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  const whole = Math.floor(milliseconds / 1_000);
  const first = STEPS.findIndex(([, seconds]) => whole >= seconds);
  return STEPS.slice(first, first + 2)
    .map(
      ([unit, seconds], index) =>
        [Math.floor(index === 0 ? whole / seconds : (whole % (STEPS[first]?.[1] ?? 1)) / seconds), unit] as const,
    )
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}

/** Made once: a formatter takes long to make, and lists need hundreds of times a second while they are scrolled. */
const TIME = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const DATE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** "14:02:11.480", in the reader's own time zone. */
export function clockText(at: string, withMilliseconds = true): string {
  const date = new Date(at);
  const time = TIME.format(date);
  return withMilliseconds ? `${time}.${String(date.getMilliseconds()).padStart(3, "0")}` : time;
}

/** "21 Nov 2026, 14:02:11.480 UTC+1": everything, for a tooltip. */
export function exactText(at: string): string {
  return `${DATE.format(new Date(at))}, ${clockText(at)} (${at})`;
}

/** How long since: "14 s". Moves by itself; the exact time is in its tooltip. */
export function Elapsed({ since }: { readonly since: string }) {
  const elapsed = Math.max(0, useNow() - Date.parse(since));
  return (
    <time dateTime={since} title={exactText(since)} className="tabular-nums">
      {elapsed < 1_000 ? "0 s" : durationText(elapsed)}
    </time>
  );
}

/** When: "just now", "2 m ago". Moves by itself; the exact time is in its tooltip. */
export function Ago({ at }: { readonly at: string }) {
  const elapsed = Math.max(0, useNow() - Date.parse(at));
  return (
    <time dateTime={at} title={exactText(at)} className="tabular-nums">
      {elapsed < 5_000 ? "just now" : `${durationText(elapsed).split(" ", 2).join(" ")} ago`}
    </time>
  );
}

/** The time of day; the exact time is in its tooltip. */
export function Clock({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={exactText(at)} className="font-mono text-sm tabular-nums">
      {clockText(at)}
    </time>
  );
}
