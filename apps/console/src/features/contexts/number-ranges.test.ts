import { expect, it } from "vitest";
import { numberRanges } from "#features/contexts/number-ranges.ts";
import { sizeText } from "#components/size-text.ts";

it.each([
  [[], ""],
  [[4], "4"],
  [[42, 41], "41, 42"],
  [[7, 3, 5, 6], "3, 5 to 7"],
] as const)("the ranges of %o are %o", (numbers, text) => {
  expect(numberRanges(numbers)).toBe(text);
});

it.each([
  [2, "2 B"],
  [12_470, "12.2 KB"],
  [1_048_576, "1.0 MB"],
] as const)("%d bytes are %o", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
