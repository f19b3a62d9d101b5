"use client";
import { useNow } from "#live/now.ts";

const MINUTE_MS = 60_000;

/** The time, anew each minute: what is late, and which slices a chart has, moves with it. */
export function useMinute(): number {
  return Math.floor(useNow() / MINUTE_MS) * MINUTE_MS;
}
