import { describe, expect, it } from "vitest";
import { prunedText } from "#features/contexts/pruned-text.ts";

const text = (keep: number | null, pins: readonly number[] = [], prunedThrough = 10) =>
  prunedText({ keep, currentVersion: 60, prunedThrough, pins: pins.map((number) => ({ number })) });

describe("prunedText", () => {
  it("says which versions lose their data, and which do not", () => {
    expect(text(10)).toMatch(/^Versions 11 to 50 lose data soon, except those that a rollback went back to\./);
    expect(text(10, [7, 20, 20, 50])).toMatch(/^Versions 11 to 50 lose data soon, except 2 pinned ones and those/);
    expect(text(49, [11])).toMatch(/^Version 11 loses data soon, except the pinned one and those/);
  });

  it("says when nothing changes", () => {
    expect(text(null)).toBe("All versions keep their data.");
    expect(text(50)).toMatch(/^No version loses its data now/);
  });
});
