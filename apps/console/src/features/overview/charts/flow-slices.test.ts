import { expect, it } from "vitest";
import { type Slice, sumOf, totalsOf, withEnded } from "#features/overview/charts/flow-slices.ts";

const slice = (at: number, counts: Partial<Slice> = {}): Slice => ({
  at,
  succeeded: 0,
  failed: 0,
  cancelled: 0,
  expired: 0,
  ...counts,
});

it("adds what has ended since to its slice, and leaves out what is in none", () => {
  const slices = [slice(0, { succeeded: 1 }), slice(60)];
  const added = withEnded(slices, 60, [
    { at: 59, state: "SUCCEEDED" },
    { at: 60, state: "FAILED" },
    { at: 119, state: "EXPIRED" },
    { at: 120, state: "SUCCEEDED" },
    { at: -1, state: "SUCCEEDED" },
    { at: 61, state: "RUNNING" },
  ]);
  expect(added).toEqual([slice(0, { succeeded: 2 }), slice(60, { failed: 1, expired: 1 })]);
  expect(slices[0]?.succeeded).toBe(1);
  expect(withEnded(slices, 60, [])).toBe(slices);
});

it("sums", () => {
  const totals = totalsOf([slice(0, { succeeded: 2, failed: 1 }), slice(60, { succeeded: 1, cancelled: 4 })]);
  expect(totals).toEqual({ succeeded: 3, failed: 1, cancelled: 4, expired: 0 });
  expect(sumOf(totals)).toBe(8);
});
