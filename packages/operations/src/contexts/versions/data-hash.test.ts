import type { Json } from "@muster/domain/json.ts";
import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prepareData } from "./data-hash.ts";

const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, true, false, -0, 1e21, 1e-7, 5e-324, 0.1, "\u2028", "\ud83d\ude00", "\u0001"),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: "grapheme" }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(
        fc.string({ unit: "grapheme", maxLength: 3 }),
        fc.constantFrom("1", "10", "9", "a", "\u20ac", "\ud83d\ude00", "\ufb33"),
      ),
      tie("value"),
      { maxKeys: 5 },
    ),
  ),
})).value;

describe("the canonical form of data", () => {
  it("is that of RFC 8785, whether the keys are in order already or not", () => {
    let inOrder = 0;
    fc.assert(
      fc.property(json, (data) => {
        const text = canonicalize(data);
        expect(prepareData(data).text).toBe(text);
        const stored = JSON.parse(text ?? "null") as Json;
        expect(prepareData(stored)).toEqual({ ...prepareData(data), data: stored });
        if (JSON.stringify(stored) === text) inOrder++;
      }),
      { numRuns: 3_000 },
    );
    expect(inOrder).toBeGreaterThan(1_000);
  });

  it("is none of what is no JSON", () => {
    // As JSON.parse reads 1e400.
    for (const value of [Infinity, -Infinity, NaN]) {
      expect(() => prepareData(value)).toThrow(/not allowed/);
      expect(() => prepareData({ value: [value] })).toThrow(/not allowed/);
    }
    expect(() => prepareData(undefined as never)).toThrow("canonical form");
  });
});
