import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffJson } from "./json-diff.ts";
import { mergeJson } from "./json-merge.ts";
import { applyPatch, equalJson } from "./json-patch.ts";
import { DEFAULT_JSON_LIMITS, type Json } from "./json.ts";

const merged = (base: Json, ours: Json, theirs: Json) => {
  const merge = mergeJson(base, ours, theirs);
  return "data" in merge ? merge.data : merge.touching;
};

describe("mergeJson", () => {
  it.each<[string, Json, Json, Json, Json]>([
    ["other members", { a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 2 }, { a: 2, b: 2 }],
    ["members added", {}, { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    ["members removed", { a: 1, b: 1, c: 1 }, { b: 1, c: 1 }, { a: 1, c: 1 }, { c: 1 }],
    ["what is deeper", { a: { b: 1, c: 1 } }, { a: { b: 2, c: 1 } }, { a: { b: 1, c: 2 } }, { a: { b: 2, c: 2 } }],
    ["the same change", { a: 1 }, { a: 2, b: 3 }, { a: 2, c: 4 }, { a: 2, b: 3, c: 4 }],
    ["the same removal", { a: 1, b: 1 }, { b: 1 }, { b: 2 }, { b: 2 }],
    ["the same addition", {}, { a: [{ b: 1, c: 2 }] }, { a: [{ c: 2, b: 1 }] }, { a: [{ b: 1, c: 2 }] }],
    ["a list of one side", { a: [1], b: 1 }, { a: [2, 1], b: 1 }, { a: [1], b: 2 }, { a: [2, 1], b: 2 }],
    ["elements replaced in other places", ["a", "b", "c"], ["x", "b", "c"], ["a", "b", "z"], ["x", "b", "z"]],
    ["the same element replaced alike", ["a", "b"], ["x", "b"], ["x", "y"], ["x", "y"]],
    ["null as a value", { a: null, b: 1 }, { a: null, b: 2 }, { b: 1 }, { b: 2 }],
    ["other types", 1, 1, "x", "x"],
  ])("takes both sides' changes: %s", (_name, base, ours, theirs, result) => {
    expect(merged(base, ours, theirs)).toEqual(result);
    expect(merged(base, theirs, ours)).toEqual(result);
  });

  it.each<[string, Json, Json, Json, string[]]>([
    ["one place", { a: 1, b: 0 }, { a: 2, b: 1 }, { a: 3, b: 0 }, ["/a"]],
    ["a place above", { a: { b: 1 } }, {}, { a: { b: 2 } }, ["/a"]],
    ["a place that is no object any more", { a: { b: 1 } }, { a: [] }, { a: { b: 2 } }, ["/a"]],
    ["two additions of one key", {}, { a: { b: 1 } }, { a: { c: 1 } }, ["/a"]],
    ["a removal and a change", { a: 1 }, {}, { a: 2 }, ["/a"]],
    ["the whole", 1, 2, 3, [""]],
    ["two appends", { l: [1] }, { l: [1, 2] }, { l: [1, 3] }, ["/l"]],
    ["an insertion and a change behind it", ["a", "b"], ["x", "a", "b"], ["a", "y"], [""]],
    ["a move and a change", ["a", "b", "c"], ["b", "a", "c"], ["a", "b", "z"], [""]],
    ["a shift and a change", ["a", "b", "c"], ["b", "c", "d"], ["a", "b", "z"], [""]],
    ["a shift over equal elements", ["a", "a", "b"], ["a", "b", "x"], ["y", "a", "b"], [""]],
    ["one of equal elements", ["a", "a"], ["x", "a"], ["a", "y"], [""]],
    ["an element that was there before", ["a", "b", "c"], ["b", "b", "c"], ["a", "b", "z"], [""]],
    ["one element", [{ a: 1, b: 1 }, 0], [{ a: 2, b: 1 }, 0], [{ a: 1, b: 2 }, 0], ["/0"]],
    [
      "several, and keys with signs",
      { "a/b": 1, "~": 1 },
      { "a/b": 2, "~": 2 },
      { "a/b": 3, "~": 3 },
      ["/a~1b", "/~0"],
    ],
  ])("names where they touch: %s", (_name, base, ours, theirs, touching) => {
    expect(mergeJson(base, ours, theirs)).toEqual({ touching });
    expect(mergeJson(base, theirs, ours)).toEqual({ touching });
  });

  it("names at most 20 places", () => {
    const of = (value: number) => Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`k${at}`, value]));
    expect(merged(of(1), of(2), of(3))).toHaveLength(20);
  });
});

const { document } = fc.letrec<{ document: Json }>((tie) => ({
  document: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<Json>(null, true, 0, 1, "a", "b"),
    fc.dictionary(fc.constantFrom("a", "b", "c", "/", "~"), tie("document"), { maxKeys: 4 }) as fc.Arbitrary<Json>,
    fc.array(tie("document"), { maxLength: 4 }) as fc.Arbitrary<Json>,
  ),
}));

/** A document that differs from this one here and there. */
function edited(from: Json): fc.Arbitrary<Json> {
  if (typeof from !== "object" || from === null) return fc.oneof({ weight: 3, arbitrary: fc.constant(from) }, document);
  const inside: fc.Arbitrary<Json> = Array.isArray(from)
    ? fc.tuple(...from.map((element: Json) => edited(element)))
    : fc
        .tuple(
          fc.record(Object.fromEntries(Object.entries(from).map(([key, value]) => [key, edited(value as Json)])), {
            requiredKeys: [],
          }),
          fc.dictionary(fc.constantFrom("x", "y", "z"), document, { maxKeys: 2 }),
        )
        .map(([kept, added]) => ({ ...kept, ...added }) as Json);
  return fc.oneof({ weight: 2, arbitrary: fc.constant(from) }, { weight: 4, arbitrary: inside }, document);
}
const threeDocuments = document.chain((base) => fc.tuple(fc.constant(base), edited(base), edited(base)));
const apply = (to: Json, from: Json, side: Json) => {
  const [theirs, ours] = [diffJson(from, to), diffJson(from, side)];
  const repeated = new Set(theirs.map((operation) => JSON.stringify(operation)));
  return applyPatch(
    to,
    ours.filter((operation) => !repeated.has(JSON.stringify(operation))),
    DEFAULT_JSON_LIMITS,
  );
};

describe("of any three documents, mergeJson", () => {
  const check = (property: (base: Json, ours: Json, theirs: Json) => void) =>
    fc.assert(
      fc.property(threeDocuments, ([base, ours, theirs]) => property(base, ours, theirs)),
      { numRuns: 2_000 },
    );

  it("answers the same whichever side is whose", () => {
    check((base, ours, theirs) => {
      expect(mergeJson(base, ours, theirs)).toEqual(mergeJson(base, theirs, ours));
    });
  });

  it("answers what one side wrote where the other changed nothing", () => {
    check((base, ours) => {
      for (const merge of [mergeJson(base, ours, base), mergeJson(base, base, ours), mergeJson(base, ours, ours)]) {
        expect("data" in merge && equalJson(merge.data, ours)).toBe(true);
      }
    });
  });

  it("has each side's changes made to the other's document", () => {
    let merges = 0;
    check((base, ours, theirs) => {
      const merge = mergeJson(base, ours, theirs);
      if (!("data" in merge)) return;
      merges += equalJson(merge.data, ours) || equalJson(merge.data, theirs) ? 0 : 1;
      expect(apply(theirs, base, ours)).toEqual(merge.data);
      expect(apply(ours, base, theirs)).toEqual(merge.data);
    });
    expect(merges).toBeGreaterThan(50);
  });

  it("changes none of them, and refuses only what both have changed", () => {
    check((base, ours, theirs) => {
      const before = structuredClone([base, ours, theirs]);
      const merge = mergeJson(base, ours, theirs);
      expect([base, ours, theirs]).toEqual(before);
      if ("data" in merge) return;
      const changed = [ours, theirs].map((side) => diffJson(base, side).map((operation) => operation.path));
      for (const path of merge.touching) {
        for (const paths of changed) expect(paths.some((at) => at.startsWith(path) || path.startsWith(at))).toBe(true);
      }
    });
  });
});
