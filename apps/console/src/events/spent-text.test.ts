import { expect, it } from "vitest";
import { spentText } from "#events/spent-text.ts";

it.each([
  [0.4, "0 ms"],
  [340, "340 ms"],
  [999.6, "1.0 s"],
  [2_130, "2.1 s"],
  [9_949, "9.9 s"],
  [10_400, "10 s"],
  [134_000, "2 m 14 s"],
])("what took %d ms took %s", (milliseconds, text) => {
  expect(spentText(milliseconds)).toBe(text);
});
