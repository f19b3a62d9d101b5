"use client";
import { durationText, exactText } from "#components/time.tsx";
import { useNow } from "#live/now.ts";

/** How long until: "in 3 h 12 m". Moves by itself; "now" once it has come. The exact time is in its tooltip. */
export function Until({ at }: { readonly at: string }) {
  const left = Date.parse(at) - useNow();
  return (
    <time dateTime={at} title={exactText(at)} className="tabular-nums">
      {left < 1_000 ? "now" : `in ${durationText(left)}`}
    </time>
  );
}
