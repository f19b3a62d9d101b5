import { describe, expect, it } from "vitest";
import { type Histogram, quantile, together } from "./histogram.ts";

/** As `binOf` does it in SQL. */
const binned = (durations: readonly number[]): Histogram =>
  together(durations.map((ms) => ({ [Math.floor(Math.log(1 + ms) / Math.log(1.1))]: 1 })));

describe("quantile", () => {
  it("is at most 5 % off, or half a millisecond, whatever the durations", () => {
    for (const exponent of [0, 1, 2, 3, 4, 5, 6, 7]) {
      const durations = Array.from({ length: 1_000 }, (_, place) => 10 ** exponent * (1 + place / 100));
      for (const share of [0.5, 0.95, 0.99]) {
        const exact = durations[Math.ceil(share * 1_000) - 1] ?? 0;
        const off = Math.abs((quantile(binned(durations), share) ?? 0) - exact);
        expect(off).toBeLessThanOrEqual(Math.max(0.5, exact * 0.05));
      }
    }
  });

  it("knows none of nothing, and the one of one", () => {
    expect(quantile({}, 0.5)).toBeNull();
    expect(quantile(binned([0]), 0.99)).toBe(0);
  });
});

it("puts histograms together", () => {
  expect(together([{ 1: 2, 3: 4 }, {}, { 3: 1 }])).toEqual({ 1: 2, 3: 5 });
});
