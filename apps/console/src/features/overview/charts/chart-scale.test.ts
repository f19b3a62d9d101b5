import { expect, it } from "vitest";
import { countScale, durationScale, onLog } from "#features/overview/charts/chart-scale.ts";

it.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [3, [0, 1, 2, 3]],
  [7, [0, 5, 10]],
  [100, [0, 50, 100]],
  [1_204, [0, 500, 1_000, 1_500]],
])("counts to %j with ticks at %j", (most, ticks) => {
  expect(countScale(most)).toEqual({ top: ticks.at(-1), ticks });
});

it("has durations between round ones", () => {
  expect(durationScale([12, 340])).toEqual({ low: 10, high: 1_000, ticks: [10, 100, 1_000] });
  expect(durationScale([])).toEqual({ low: 1, high: 10, ticks: [1, 10] });
  expect(durationScale([0.2])).toEqual({ low: 1, high: 10, ticks: [1, 10] });
  expect(durationScale([1_000, 1_000]).ticks).toEqual([1_000, 10_000]);
  const scale = durationScale([10, 1_000]);
  expect([1, 10, 100, 1_000, 5_000].map((value) => onLog(scale, value))).toEqual([0, 0, 0.5, 1, 1]);
});
