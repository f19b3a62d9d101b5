/** How far back the charts go: in how many slices of which length, and how that reads. */
export const RANGES = {
  "1h": { name: "1 hour", bucketMs: 60_000, buckets: 60 },
  "6h": { name: "6 hours", bucketMs: 5 * 60_000, buckets: 72 },
  "24h": { name: "24 hours", bucketMs: 20 * 60_000, buckets: 72 },
  "7d": { name: "7 days", bucketMs: 2 * 60 * 60_000, buckets: 84 },
} as const;
export type FlowRange = keyof typeof RANGES;

/** The range that an address names; the last hour without one. */
export function flowRange(named: string | null): FlowRange {
  return named !== null && Object.hasOwn(RANGES, named) ? (named as FlowRange) : "1h";
}

/** From when to when a range goes now: whole slices, so that all who look at the same time ask for the same. */
export function flowSpan(range: FlowRange, now: number): { readonly since: string; readonly until: string } {
  const { bucketMs, buckets } = RANGES[range];
  const until = (Math.floor(now / bucketMs) + 1) * bucketMs;
  return { since: new Date(until - buckets * bucketMs).toISOString(), until: new Date(until).toISOString() };
}
