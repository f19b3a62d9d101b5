import { expect, test } from "vitest";
import { chosenWith, comparedBundles } from "#features/agent/versions/compared-bundles.ts";

test.each([
  ["3..5", 9, { from: 3, to: 5 }],
  ["5..3", 9, { from: 5, to: 3 }],
  [null, 9, { from: 8, to: 9 }],
  ["3..3", 9, { from: 8, to: 9 }],
  ["3..10", 9, { from: 8, to: 9 }],
  ["0..1", 9, { from: 8, to: 9 }],
  ["x", 2, { from: 1, to: 2 }],
  [null, 1, null],
])("of %s with %i bundles compares %j", (named, newest, pair) => {
  expect(comparedBundles(named, newest)).toEqual(pair);
});

test("chooses two at most", () => {
  expect(chosenWith([], 3)).toEqual([3]);
  expect(chosenWith([3, 5], 7)).toEqual([5, 7]);
  expect(chosenWith([3, 5], 3)).toEqual([5]);
});
