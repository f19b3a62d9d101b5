"use client";
import { useEffect } from "react";
import { useLatestRef } from "#features/schedules/use-latest-ref.ts";

/** A scheduler that is a little late still counts. */
const AFTER_MS = 400;
/** A timer takes no more. */
const MOST_MS = 2_000_000_000;

/** Calls `passed` shortly after the first of these times that are still to come: then the API has something new to say. */
export function usePassing(times: readonly (string | null)[], passed: () => void): void {
  const latest = useLatestRef(passed);
  const next = times.flatMap((at) => (at === null ? [] : [Date.parse(at)])).reduce((a, b) => Math.min(a, b), Infinity);
  useEffect(() => {
    if (next === Infinity) return undefined;
    // One that has passed already is late: it is looked for again in a while.
    const wait = Math.max(next - Date.now(), 1_000) + AFTER_MS;
    const timer = setTimeout(() => latest.current(), Math.min(wait, MOST_MS));
    return () => clearTimeout(timer);
  });
}
