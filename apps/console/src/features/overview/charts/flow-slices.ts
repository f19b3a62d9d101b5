import type { TaskState } from "#api/generated/graphql.ts";

/** How many tasks ended in a slice of time, as what. */
export interface Slice {
  /** When it begins, in ms since 1970. */
  readonly at: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly expired: number;
}

const COUNTED: Partial<Record<TaskState, keyof Omit<Slice, "at">>> = {
  SUCCEEDED: "succeeded",
  FAILED: "failed",
  CANCELLED: "cancelled",
  EXPIRED: "expired",
};

/** The slices, and in them what has ended since they were read. */
export function withEnded(
  slices: readonly Slice[],
  bucketMs: number,
  ended: readonly { readonly at: number; readonly state: TaskState }[],
): readonly Slice[] {
  if (ended.length === 0) return slices;
  const first = slices[0]?.at ?? 0;
  const added = [...slices];
  for (const { at, state } of ended) {
    const place = Math.floor((at - first) / bucketMs);
    const slice = added[place];
    const field = COUNTED[state];
    if (slice && field) added[place] = { ...slice, [field]: slice[field] + 1 };
  }
  return added;
}

/** What of it all ended in all slices. */
export function totalsOf(slices: readonly Slice[]): Omit<Slice, "at"> {
  const sum = (field: keyof Omit<Slice, "at">) => slices.reduce((total, slice) => total + slice[field], 0);
  return { succeeded: sum("succeeded"), failed: sum("failed"), cancelled: sum("cancelled"), expired: sum("expired") };
}

export function sumOf({ succeeded, failed, cancelled, expired }: Omit<Slice, "at">): number {
  return succeeded + failed + cancelled + expired;
}
