import { describe, expect, it } from "vitest";
import { matchingItems, type PaletteItem } from "#features/shell/palette/palette-item.ts";

const items: readonly PaletteItem[] = [
  { value: "fleet", label: "Go to Fleet", run() {} },
  { value: "dead", label: "Dead tasks", note: "Tasks that failed for good", run() {} },
  { value: "theme", label: "Theme: dark", run() {} },
];
const found = (typed: string) => matchingItems(items, typed).map(({ value }) => value);

describe("matchingItems", () => {
  it("keeps the order, and everything when nothing is typed", () => {
    expect(found("")).toEqual(["fleet", "dead", "theme"]);
    expect(found("  ")).toEqual(["fleet", "dead", "theme"]);
  });

  it("wants each word to begin a word of the label or the note, in any case and order", () => {
    expect(found("FLE go")).toEqual(["fleet"]);
    expect(found("failed")).toEqual(["dead"]);
    expect(found("dark")).toEqual(["theme"]);
    expect(found("leet")).toEqual([]);
    expect(found("dead fleet")).toEqual([]);
  });
});
