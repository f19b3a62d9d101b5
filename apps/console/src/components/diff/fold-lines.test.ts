import { describe, expect, it } from "vitest";
import { compareLines, type ComparedLine } from "#components/diff/compare-lines.ts";
import { changesIn, foldLines, type Shown, splitLines } from "#components/diff/fold-lines.ts";

const text = (count: number, word = "line") => Array.from({ length: count }, (_, at) => `${word} ${at + 1}`);
const compared = (before: string[], after: string[]) => compareLines(before, after, 1_000) ?? [];
const word = (each: Shown | null) =>
  each === null
    ? ""
    : each.kind === "fold"
      ? `${each.count} ${each.of}`
      : `${{ same: "", added: "+", removed: "-" }[each.kind]}${each.text}`;
const words = (lines: readonly ComparedLine[], opened = new Map<number, number>()) =>
  foldLines(lines, opened).map(word);

describe("foldLines", () => {
  const changed = text(30).with(14, "changed");

  it("shows three unchanged lines around a change and folds the others", () => {
    expect(words(compared(text(30), changed))).toEqual([
      "11 same",
      "line 12",
      "line 13",
      "line 14",
      "-line 15",
      "+changed",
      "line 16",
      "line 17",
      "line 18",
      "12 same",
    ]);
  });

  it("folds everything where nothing has changed, and nothing where a fold would save little", () => {
    expect(words(compared(text(9), text(9)))).toEqual(["9 same"]);
    expect(words(compared(text(6), text(6).with(0, "other")))).not.toContain("2 same");
  });

  it("opens a fold by and by", () => {
    const lines = compared(text(30), changed);
    expect(words(lines, new Map([[0, 4]])).slice(0, 6)).toEqual([
      "line 1",
      "line 2",
      "line 3",
      "line 4",
      "7 same",
      "line 12",
    ]);
    const all = words(
      lines,
      new Map([
        [0, 100],
        [19, 100],
      ]),
    );
    expect(all.filter((each) => each.includes("same"))).toEqual([]);
    expect(all).toHaveLength(lines.length);
  });

  it("folds the middle of what was removed", () => {
    const shown = words(compared(["{", ...text(200), "}"], ["{", "}"]));
    expect(shown).toHaveLength(1 + 12 + 1 + 1 + 1);
    expect(shown.slice(12)).toEqual(["-line 12", "187 removed", "-line 200", "}"]);
  });
});

describe("changesIn", () => {
  it("finds where each change begins", () => {
    const lines = compared(text(30), text(30).with(3, "changed").toSpliced(20, 2));
    expect(changesIn(lines).map(word)).toEqual(["-line 4", "-line 21"]);
    expect(changesIn(compared(text(3), text(3)))).toEqual([]);
  });
});

describe("splitLines", () => {
  it("puts what was removed beside what was added in its place", () => {
    const rows = splitLines(foldLines(compared(["a", "b", "c", "d"], ["a", "x", "d", "e"]), new Map()));
    expect(rows.map((row) => row.map(word))).toEqual([
      ["a", "a"],
      ["-b", "+x"],
      ["-c", ""],
      ["d", "d"],
      ["", "+e"],
    ]);
  });
});
