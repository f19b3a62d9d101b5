"use client";
import { durationText, exactText } from "#components/time.tsx";
import { useNow } from "#live/now.ts";

interface UntilProps {
  readonly at: string;
  /** What it says once the time has come. */
  readonly come?: string;
}

/** How long until: "in 3 h 12 m". Moves by itself. The exact time is in its tooltip. */
export function Until({ at, come = "now" }: UntilProps) {
  const left = Date.parse(at) - useNow();
  return (
    <time dateTime={at} title={exactText(at)} className="tabular-nums">
      {left < 1_000 ? come : `in ${durationText(left)}`}
    </time>
  );
}
