import { expect, test } from "vitest";
import { availability, shareText, stateShares, workAsOne } from "#features/agent/health/state-shares.ts";

const SPANS = [
  { state: "REGISTERED", from: 0, to: 100 },
  { state: "IDLE", from: 100, to: 160 },
  { state: "ERROR", from: 160, to: 200 },
  { state: "IDLE", from: 200, to: 300 },
] as const;

test("sums the time of each state", () => {
  expect(stateShares(SPANS).map(({ state, milliseconds }) => [state, milliseconds])).toEqual([
    ["IDLE", 160],
    ["REGISTERED", 100],
    ["ERROR", 40],
  ]);
  expect(stateShares([])).toEqual([]);
});

test("puts together what is work", () => {
  expect(workAsOne(stateShares(SPANS)).map(({ state, milliseconds }) => [state, milliseconds])).toEqual([
    [null, 160],
    ["REGISTERED", 100],
    ["ERROR", 40],
  ]);
});

test("counts as available what is at work, of the time since it was brought up", () => {
  expect(availability(SPANS)).toBe(0.8);
  expect(availability([{ state: "REGISTERED", from: 0, to: 1 }])).toBeNull();
});

test.each([
  [1, "100 %"],
  [0.999999, "99.99 %"],
  [0.9912, "99.12 %"],
  [0.424, "42 %"],
  [0.0213, "2.13 %"],
  [0.000001, "0.01 %"],
  [0, "0 %"],
])("%d reads as %s", (share, text) => {
  expect(shareText(share)).toBe(text);
});
