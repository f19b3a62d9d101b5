"use client";
import { durationText, exactText } from "#components/time.tsx";
import { useNow } from "#live/now.ts";

/** How long until a time: "in 12 s"; "due" when it has come. */
export function Until({ at }: { readonly at: string }) {
  const left = Date.parse(at) - useNow();
  return (
    <time dateTime={at} title={exactText(at)} className="tabular-nums">
      {left < 1_000 ? "due" : `in ${durationText(left)}`}
    </time>
  );
}
