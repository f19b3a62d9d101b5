import { describe, expect, it } from "vitest";
import { jsonLines, jsonText } from "#components/json/json-lines.ts";

describe("jsonLines", () => {
  it("is what JSON.stringify prints, with the keys in order", () => {
    const value = { b: [1, "two\n", null, []], a: { d: true, c: {} }, "": [{ z: 1.5 }, [[0]]] };
    const sorted = { "": [{ z: 1.5 }, [[0]]], a: { c: {}, d: true }, b: [1, "two\n", null, []] };
    expect(jsonText(value)).toBe(JSON.stringify(sorted, null, 2));
    for (const plain of [1, "a", null, true, [], {}]) expect(jsonText(plain)).toBe(JSON.stringify(plain));
  });

  it("knows where each object and list ends, and how many members it has", () => {
    const lines = jsonLines({ a: [1, { b: 2 }], c: [] });
    const opening = lines.flatMap(({ text, end, members }, at) =>
      end === null ? [] : [[at, text.trim(), end, members]],
    );
    expect(opening).toEqual([
      [0, "{", 8, 2],
      [1, '"a": [', 6, 2],
      [3, "{", 5, 1],
    ]);
    expect(lines[6]?.text).toBe("  ],");
    expect(lines[8]?.text).toBe("}");
  });

  it("does not depend on the order in which keys were written", () => {
    expect(jsonLines({ a: 1, b: { c: 2, d: 3 } })).toEqual(jsonLines({ b: { d: 3, c: 2 }, a: 1 }));
  });
});
