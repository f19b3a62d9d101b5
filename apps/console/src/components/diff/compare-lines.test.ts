import { describe, expect, it } from "vitest";
import { compareLines, type ComparedLine } from "#components/diff/compare-lines.ts";
import { jsonLines } from "#components/json/json-lines.ts";

const SIGNS = { same: " ", removed: "-", added: "+" } as const;
const linesOf = (value: unknown) => jsonLines(value).map(({ text }) => text);
const shown = (lines: readonly ComparedLine[] | null) => lines?.map(({ kind, text }) => SIGNS[kind] + text);

describe("compareLines", () => {
  it("tells added and removed lines apart, with their numbers in both texts", () => {
    const lines = compareLines(linesOf({ a: 1, b: 2, d: 4 }), linesOf({ a: 1, b: 3, c: 5, d: 4 }), 1_000);
    expect(shown(lines)).toEqual([" {", '   "a": 1,', '-  "b": 2,', '+  "b": 3,', '+  "c": 5,', '   "d": 4', " }"]);
    expect(lines?.map(({ before, after }) => [before, after])).toEqual([
      [1, 1],
      [2, 2],
      [3, null],
      [null, 3],
      [null, 4],
      [4, 5],
      [5, 6],
    ]);
  });

  it("takes no notice of the comma that an added last member brings", () => {
    expect(shown(compareLines(linesOf([1]), linesOf([1, 2]), 1_000))).toEqual([" [", "   1,", "+  2", " ]"]);
  });

  it("gives both texts back", () => {
    const texts = [
      { list: [1, 2, 3, 4, { a: 1 }], gone: { deep: [true] } },
      { list: [2, 3, { a: 2 }, 4, 4], here: null },
    ].map(linesOf) as [string[], string[]];
    const lines = compareLines(...texts, 1_000) ?? [];
    const without = (kind: ComparedLine["kind"]) => lines.filter((line) => line.kind !== kind);
    const bare = (line: string | { text: string }) => (typeof line === "string" ? line : line.text).replace(/,$/, "");
    expect(without("added").map(bare)).toEqual(texts[0].map(bare));
    expect(without("removed").map(bare)).toEqual(texts[1].map(bare));
  });

  it("gives up on texts that have too little in common", () => {
    const many = (word: string) => Array.from({ length: 20_000 }, (_, line) => `${word} ${line}`);
    const begun = performance.now();
    expect(compareLines(many("one"), many("two"), 100)).toBeNull();
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it("finds a few changes in a large text", () => {
    const text = Array.from({ length: 20_000 }, (_, line) => `line ${line}`);
    const other = text.map((line, at) => (at % 100 === 7 ? `${line} changed` : line));
    const lines = compareLines(text, other, 5_000) ?? [];
    expect(lines.filter(({ kind }) => kind === "added")).toHaveLength(200);
    expect(lines.filter(({ kind }) => kind === "same")).toHaveLength(19_800);
  });
});
