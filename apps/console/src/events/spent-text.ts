import { durationText } from "#components/time.tsx";

const TENTHS_BELOW_MS = 10_000;

/** How long something took: "340 ms", "2.1 s", "2 m 14 s". Tenths matter while it is seconds. */
export function spentText(milliseconds: number): string {
  if (milliseconds < 999.5 || milliseconds >= TENTHS_BELOW_MS) return durationText(milliseconds);
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
