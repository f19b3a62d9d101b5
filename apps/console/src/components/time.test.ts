import { expect, it } from "vitest";
import { durationText } from "#components/time.tsx";

it.each([
  [-5, "0 ms"],
  [340, "340 ms"],
  [14_999, "14 s"],
  [60_000, "1 m"],
  [134_000, "2 m 14 s"],
  [3_600_000, "1 h"],
  [3_605_000, "1 h"],
  [3_900_000, "1 h 5 m"],
  [6 * 86_400_000 + 1, "6 d"],
  [90 * 86_400_000 + 7_200_000, "90 d 2 h"],
])("says %d ms as %s", (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text);
});
