import { describe, expect, it } from "vitest";
import { comparedPair, toggleChoice } from "#features/contexts/compared-pair.ts";

describe("comparedPair", () => {
  it.each([
    [
      { chosen: [7, 5], selected: 9, newest: 9 },
      { from: 5, to: 7 },
    ],
    [
      { chosen: [5], selected: 9, newest: 9 },
      { from: 5, to: 9 },
    ],
    [
      { chosen: [9], selected: 3, newest: 9 },
      { from: 8, to: 9 },
    ],
    [
      { chosen: [], selected: 4, newest: 9 },
      { from: 3, to: 4 },
    ],
    [
      { chosen: [], selected: 1, newest: 9 },
      { from: 1, to: 2 },
    ],
    [
      { chosen: [], selected: 99, newest: 9 },
      { from: 8, to: 9 },
    ],
    [{ chosen: [], selected: 1, newest: 1 }, null],
    [{ chosen: [], selected: 0, newest: 0 }, null],
  ])("of %o is %o", (choice, pair) => {
    expect(comparedPair(choice)).toEqual(pair);
  });
});

describe("toggleChoice", () => {
  it("keeps two at most", () => {
    expect(toggleChoice([], 3)).toEqual([3]);
    expect(toggleChoice([3, 5], 8)).toEqual([5, 8]);
    expect(toggleChoice([3, 5], 3)).toEqual([5]);
  });
});
