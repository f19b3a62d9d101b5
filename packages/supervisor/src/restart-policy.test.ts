import { expect, it } from "vitest";
import { isHopeless, limitOf, restartDelay, withFailure } from "./restart-policy.ts";
import { DEFAULT_SETTINGS as policy } from "./settings.ts";

const MINUTE = 60_000;

it("gives up after as many quick failures as are allowed within the window", () => {
  let failures: number[] = [];
  for (let count = 1; count <= 5; count += 1) {
    failures = withFailure(failures, count * 10_000, 500, policy);
    expect(isHopeless(failures, policy)).toBe(count === 5);
  }
  expect(limitOf(policy)).toBe("5 times within 5 min");
});

it("forgets what was before the window, and before a process that was up for a while", () => {
  expect(withFailure([1, 2 * MINUTE, 4 * MINUTE], 5.5 * MINUTE, 500, policy)).toEqual([
    2 * MINUTE,
    4 * MINUTE,
    5.5 * MINUTE,
  ]);
  expect(withFailure([1, 2, 3], 4, policy.stableMs, policy)).toEqual([4]);
});

it("waits longer after each failure, up to a limit, and never exactly as long as others", () => {
  expect([1, 2, 3, 4].map((failures) => restartDelay(failures, 1, policy))).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(restartDelay(30, 1, policy)).toBe(60_000);
  expect(restartDelay(3, 0, policy)).toBe(2_000);
});
