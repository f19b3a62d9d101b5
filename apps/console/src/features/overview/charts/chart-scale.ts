/** Where values stand on an axis: ticks at round numbers, from nothing to the last of them. */
export interface LinearScale {
  readonly top: number;
  readonly ticks: readonly number[];
}

/** For counts: at most four ticks above 0, at 1, 2 or 5 times a power of ten. */
export function countScale(most: number): LinearScale {
  const rough = Math.max(1, most) / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power);
  const top = Math.max(step, Math.ceil(most / step) * step);
  return { top, ticks: Array.from({ length: Math.round(top / step) + 1 }, (_, number) => number * step) };
}

/** Durations that people know, in ms: each axis has some of them. */
const DURATIONS = [1, 10, 100, 1_000, 10_000, 60_000, 600_000, 3_600_000, 36_000_000, 86_400_000, 864_000_000];

export interface LogScale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

/** For durations, which differ by orders of magnitude: from a round one below the shortest to one above the longest. */
export function durationScale(values: readonly number[]): LogScale {
  const shortest = Math.max(1, Math.min(...values, Infinity));
  const longest = Math.max(10, ...values);
  const low = DURATIONS.findLast((each) => each <= (shortest === Infinity ? 1 : shortest)) ?? 1;
  const high = DURATIONS.find((each) => each >= longest && each > low) ?? longest;
  return { low, high, ticks: DURATIONS.filter((each) => low <= each && each <= high) };
}

/** From 0, at the lowest, to 1. */
export function onLog({ low, high }: LogScale, value: number): number {
  return Math.min(1, Math.max(0, Math.log(Math.max(value, low) / low) / Math.log(high / low)));
}
