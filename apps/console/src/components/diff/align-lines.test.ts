import { describe, expect, it } from "vitest";
import { alignLines } from "#components/diff/align-lines.ts";
import { comparedLines } from "#components/diff/compare-lines.ts";
import { jsonLines } from "#components/json/json-lines.ts";

const SIGNS = { same: " ", removed: "-", added: "+" } as const;
function shown(before: unknown, after: unknown): string[] {
  const [left, right] = [jsonLines(before), jsonLines(after)];
  return comparedLines(alignLines(left, right), left, right).map(({ kind, text }) => SIGNS[kind] + text.trim());
}

describe("alignLines", () => {
  it("compares members by key, and elements by position", () => {
    expect(shown({ a: 1, b: [1, 2], d: { e: 1 } }, { a: 1, b: [1, 3, 4], c: {}, d: 5 })).toEqual([
      " {",
      ' "a": 1,',
      ' "b": [',
      " 1,",
      "-2",
      "+3,",
      "+4",
      " ],",
      '+"c": {},',
      '-"d": {',
      '-"e": 1',
      "-}",
      '+"d": 5',
      " }",
    ]);
  });

  it("gives both texts back", () => {
    const [before, after] = [
      { a: [[], [1]], b: null, z: [{ y: 1 }] },
      { a: [[1], 2], c: "x", z: {} },
    ];
    const [left, right] = [jsonLines(before), jsonLines(after)];
    const lines = comparedLines(alignLines(left, right), left, right);
    expect(lines.filter(({ before: number }) => number !== null)).toHaveLength(left.length);
    expect(lines.filter(({ after: number }) => number !== null)).toHaveLength(right.length);
    expect(shown(1, 1)).toEqual([" 1"]);
    expect(shown([], [1])).toEqual(["-[]", "+[", "+1", "+]"]);
  });
});
