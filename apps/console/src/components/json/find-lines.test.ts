import { describe, expect, it } from "vitest";
import { findLines, markedParts } from "#components/json/find-lines.ts";
import { jsonLines } from "#components/json/json-lines.ts";

describe("findLines", () => {
  const lines = jsonLines({ owner: "core", plan: { Owner: null, steps: ["ask the owner", 2] } });
  const found = (search: string) => findLines(lines, search).map((at) => lines[at]?.text.trim());

  it("looks in keys and values, in any case", () => {
    expect(found("OWNER")).toEqual(['"owner": "core",', '"Owner": null,', '"ask the owner",']);
    expect(found('"owner": "core"')).toHaveLength(1);
    expect(found("2")).toEqual(["2"]);
  });

  it("finds nothing by nothing, and no line that only closes another", () => {
    expect(found("")).toEqual([]);
    expect(found("}")).toEqual([]);
  });
});

describe("markedParts", () => {
  it("gives the text back, in parts", () => {
    expect(markedParts("abcABc", "ab")).toEqual([
      { text: "ab", found: true },
      { text: "c", found: false },
      { text: "AB", found: true },
      { text: "c", found: false },
    ]);
    expect(markedParts("abc", "x")).toEqual([{ text: "abc", found: false }]);
    expect(markedParts("İİ x", "x")).toEqual([{ text: "İİ x", found: false }]);
  });
});
