import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "./json.ts";
import { applyMergePatch } from "./json-merge-patch.ts";

describe("applyMergePatch", () => {
  // RFC 7396, appendix A.
  it.each<[Json, Json, Json]>([
    [{ a: "b" }, { a: "c" }, { a: "c" }],
    [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
    [{ a: "b" }, { a: null }, {}],
    [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
    [{ a: ["b"] }, { a: "c" }, { a: "c" }],
    [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
    [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
    [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
    [
      ["a", "b"],
      ["c", "d"],
      ["c", "d"],
    ],
    [{ a: "b" }, ["c"], ["c"]],
    [{ a: "foo" }, null, null],
    [{ a: "foo" }, "bar", "bar"],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: "b", c: null }, { a: "b" }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])("%j patched with %j is %j", (target, patch, result) => {
    const before = structuredClone([target, patch]);
    expect(applyMergePatch(target, patch)).toEqual(result);
    expect([target, patch]).toEqual(before);
  });

  it("takes names of inherited members as keys like any other", () => {
    expect(applyMergePatch({}, { constructor: { prototype: { a: 1 } }, toString: null, hasOwnProperty: {} })).toEqual({
      constructor: { prototype: { a: 1 } },
      hasOwnProperty: {},
    });
    expect(({} as { a?: number }).a).toBeUndefined();
  });

  it("changes nothing the second time", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (target, patch) => {
        fc.pre(!/__proto__/.test(JSON.stringify([target, patch])));
        const once = applyMergePatch(target as Json, patch as Json);
        expect(applyMergePatch(once, patch as Json)).toEqual(once);
      }),
    );
  });
});
