import { InvalidInput } from "./errors.ts";
import { DEFAULT_JSON_LIMITS, type Json } from "./json.ts";
import fc from "fast-check";
import { applyPatch as applyPatchOfPeer } from "rfc6902";
import { describe, expect, it } from "vitest";
import { diffJson } from "./json-diff.ts";
import { applyPatch, equalJson, type JsonPatchOperation } from "./json-patch.ts";

const apply = (document: Json, ...patch: JsonPatchOperation[]) => applyPatch(document, patch, DEFAULT_JSON_LIMITS);

/** Where and why a patch is refused. */
function refusal(document: Json, ...patch: JsonPatchOperation[]): string {
  try {
    return `applied: ${JSON.stringify(apply(document, ...patch))}`;
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.issues.map((issue) => issue.path.join(".")).join();
  }
}

describe("applyPatch", () => {
  // RFC 6902, appendix A, and its errata.
  it.each<[string, Json, JsonPatchOperation[], Json]>([
    ["A.1 adding a member", { foo: "bar" }, [{ op: "add", path: "/baz", value: "qux" }], { baz: "qux", foo: "bar" }],
    [
      "A.2 adding an element",
      { foo: ["bar", "baz"] },
      [{ op: "add", path: "/foo/1", value: "qux" }],
      { foo: ["bar", "qux", "baz"] },
    ],
    ["A.3 removing a member", { baz: "qux", foo: "bar" }, [{ op: "remove", path: "/baz" }], { foo: "bar" }],
    [
      "A.4 removing an element",
      { foo: ["bar", "qux", "baz"] },
      [{ op: "remove", path: "/foo/1" }],
      { foo: ["bar", "baz"] },
    ],
    [
      "A.5 replacing",
      { baz: "qux", foo: "bar" },
      [{ op: "replace", path: "/baz", value: "boo" }],
      { baz: "boo", foo: "bar" },
    ],
    [
      "A.6 moving a value",
      { foo: { bar: "baz", waldo: "fred" }, qux: { corge: "grault" } },
      [{ op: "move", from: "/foo/waldo", path: "/qux/thud" }],
      { foo: { bar: "baz" }, qux: { corge: "grault", thud: "fred" } },
    ],
    [
      "A.7 moving an element",
      { foo: ["all", "grass", "cows", "eat"] },
      [{ op: "move", from: "/foo/1", path: "/foo/3" }],
      { foo: ["all", "cows", "eat", "grass"] },
    ],
    [
      "A.8 testing",
      { baz: "qux", foo: ["a", 2, "c"] },
      [
        { op: "test", path: "/baz", value: "qux" },
        { op: "test", path: "/foo/1", value: 2 },
      ],
      { baz: "qux", foo: ["a", 2, "c"] },
    ],
    [
      "A.10 adding a nested member",
      { foo: "bar" },
      [{ op: "add", path: "/child", value: { a: {} } }],
      { foo: "bar", child: { a: {} } },
    ],
    [
      "A.16 adding to the end",
      { foo: ["bar"] },
      [{ op: "add", path: "/foo/-", value: ["abc"] }],
      { foo: ["bar", ["abc"]] },
    ],
    ["replacing the document", { a: 1 }, [{ op: "replace", path: "", value: [2] }], [2]],
    ["adding over the document", { a: 1 }, [{ op: "add", path: "", value: { b: 2 } }], { b: 2 }],
    ["moving to the document", { a: { b: 1 } }, [{ op: "move", from: "/a", path: "" }], { b: 1 }],
    ["copying the document", { a: 1 }, [{ op: "copy", from: "", path: "/b" }], { a: 1, b: { a: 1 } }],
    ["moving onto itself", { a: 1 }, [{ op: "move", from: "/a", path: "/a" }], { a: 1 }],
    [
      "keys of Object.prototype",
      {},
      [
        { op: "add", path: "/constructor", value: 1 },
        { op: "copy", from: "/constructor", path: "/toString" },
      ],
      { constructor: 1, toString: 1 },
    ],
    [
      "null values",
      { a: null },
      [
        { op: "test", path: "/a", value: null },
        { op: "replace", path: "/a", value: null },
      ],
      { a: null },
    ],
  ])("%s", (_name, document, patch, patched) => {
    const before = structuredClone(document);
    expect(apply(document, ...patch)).toEqual(patched);
    expect(document).toEqual(before);
  });

  it.each<[string, Json, JsonPatchOperation]>([
    ["0.value", { baz: "qux" }, { op: "test", path: "/baz", value: "bar" }],
    ["0.value", { a: 1 }, { op: "add", path: "/b" }],
    ["0.path", { a: 1 }, { op: "test", path: "/b", value: null }],
    ["0.path", { foo: "bar" }, { op: "add", path: "/baz/bat", value: "qux" }],
    ["0.path", { a: "text" }, { op: "add", path: "/a/0", value: 1 }],
    ["0.path", { a: [1] }, { op: "add", path: "/a/2", value: 1 }],
    ["0.path", { a: [1] }, { op: "add", path: "/a/x", value: 1 }],
    ["0.path", { a: [1] }, { op: "remove", path: "/a/length" }],
    ["0.path", { a: [1] }, { op: "remove", path: "/a/-" }],
    ["0.path", { a: [1] }, { op: "replace", path: "/a/01", value: 2 }],
    ["0.path", { a: [1] }, { op: "replace", path: "/a/x", value: 2 }],
    ["0.path", {}, { op: "replace", path: "/toString", value: 2 }],
    ["0.path", {}, { op: "remove", path: "a" }],
    ["0.path", { a: {} }, { op: "move", from: "/a", path: "/a/b" }],
    ["0.from", { a: {} }, { op: "move", path: "/a/b" }],
    ["0.from", { a: {} }, { op: "copy", from: "/b", path: "/a/b" }],
    ["0.op", {}, { op: "spam", path: "" }],
  ])("refuses at patch.%s: %j, %j", (where, document, operation) => {
    expect(refusal(document, operation)).toBe(`patch.${where}`);
  });

  it("names the operation that does not apply", () => {
    expect(refusal({}, { op: "add", path: "/a", value: 1 }, { op: "remove", path: "/b" })).toBe("patch.1.path");
  });

  it("cannot reach a prototype", () => {
    expect(refusal({}, { op: "add", path: "/__proto__", value: { polluted: true } })).toBe("patch.0.path");
    expect(refusal({}, { op: "add", path: "/__proto__/polluted", value: true })).toBe("patch.0.path");
    expect(refusal({}, { op: "add", path: "/constructor/prototype/polluted", value: true })).toBe("patch.0.path");
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("bounds copies of copies", () => {
    const double: JsonPatchOperation = { op: "copy", from: "/a", path: "/a/-" };
    const patch = Array.from({ length: 60 }, () => double);
    expect(refusal({ a: ["x".repeat(1000)] }, ...patch)).toMatch(/^patch\.\d+\.from$/);
  });

  it("bounds what all copies of one patch add", () => {
    const patch = Array.from({ length: 9 }, (_, at): JsonPatchOperation => ({
      op: "copy",
      from: "/a",
      path: `/b${at}`,
    }));
    expect(refusal({ a: "x".repeat(200_000) }, ...patch)).toBe("patch.5.from");
  });

  it("does not change the values of the patch", () => {
    const value = { list: [1] };
    apply({}, { op: "add", path: "/a", value }, { op: "add", path: "/a/list/-", value: 2 });
    expect(value).toEqual({ list: [1] });
  });
});

const key = fc.oneof(
  fc.constantFrom("a", "b", "~", "/", "", "constructor", "0"),
  fc.string({ maxLength: 3 }).filter((text) => text !== "__proto__"),
);
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, true, 0, 1, 2, "x", "y"),
    fc.array(tie("value"), { maxLength: 6 }),
    fc.dictionary(key, tie("value"), { maxKeys: 5 }),
  ),
})).value;

describe("diffJson", () => {
  it("gives a patch that turns one document into the other, for this applyPatch and for a peer's", () => {
    fc.assert(
      fc.property(json, json, (from, to) => {
        const patch = diffJson(from, to);
        expect(equalJson(applyPatch(from, patch, DEFAULT_JSON_LIMITS), to)).toBe(true);
        expect(patch.length === 0).toBe(equalJson(from, to));
        // The peer cannot replace a whole document, nor name members that objects inherit.
        if (patch.some(({ path }) => path === "" || path.includes("constructor"))) return;
        const peer = { document: structuredClone(from) };
        expect(applyPatchOfPeer(peer.document, patch as never).every((result) => result === null)).toBe(true);
        expect(equalJson(peer.document, to)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it("aligns lists", () => {
    const items = (numbers: number[]) => numbers.map((id) => ({ id, text: `item ${id}` }));
    expect(diffJson(items([1, 2, 3, 4, 5]), items([1, 3, 4, 6, 5]))).toEqual([
      { op: "add", path: "/4", value: { id: 6, text: "item 6" } },
      { op: "remove", path: "/1" },
    ]);
    expect(diffJson([{ a: 1, b: 2 }], [{ a: 1, b: 3 }])).toEqual([{ op: "replace", path: "/0/b", value: 3 }]);
  });

  it("stays affordable for documents that have nothing in common", () => {
    const from = Array.from({ length: 100_000 }, (_, at) => at);
    const started = performance.now();
    const patch = diffJson(
      from,
      from.map((at) => at + 100_000),
    );
    expect(patch).toHaveLength(100_000);
    const nested = (depth: number, leaf: number): Json =>
      depth === 0 ? leaf : [nested(depth - 1, leaf), nested(depth - 1, leaf + 1)];
    diffJson(nested(14, 0), nested(14, 1));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe("equalJson", () => {
  it("compares own members only", () => {
    expect(equalJson({}, { toString: 1 })).toBe(false);
    expect(equalJson({ toString: 1 }, { a: 1 })).toBe(false);
    expect(equalJson([], {})).toBe(false);
    expect(equalJson([1, [2]], [1, [2]])).toBe(true);
  });
});
