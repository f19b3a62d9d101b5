import { expect, it } from "vitest";
import { countStates, endedOf, inBarOrder } from "#features/workflows/state-shares.ts";

it("counts states in the order of the bar", () => {
  const counts = countStates(["WAITING", "SUCCEEDED", "RUNNING", "SUCCEEDED", "FAILED"]);
  expect(inBarOrder(counts)).toEqual([
    { state: "SUCCEEDED", count: 2 },
    { state: "FAILED", count: 1 },
    { state: "RUNNING", count: 1 },
    { state: "WAITING", count: 1 },
  ]);
  expect(endedOf(counts)).toBe(3);
});
