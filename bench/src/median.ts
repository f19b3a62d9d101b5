/** The middle of `values`; 0 when there are none. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value below which the `share` of `values` lies (0.99: all but one in a hundred); 0 when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
