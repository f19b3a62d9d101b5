import fc from "fast-check";
import { expect, it } from "vitest";
import { diffJson } from "./json-diff.ts";
import { equalJson } from "./json-patch.ts";
import { touches } from "./json-patch-touch.ts";
import { parsePointer, valueAt } from "./json-pointer.ts";
import type { Json } from "./json.ts";

const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, 0, 1, "x"),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(fc.constantFrom("a", "b", "0", "1", "a/b"), tie("value"), { maxKeys: 4 }),
  ),
})).value;
const tokens = fc.array(fc.constantFrom("a", "b", "0", "1", "2", "a/b"), { maxLength: 4 });

it("never misses a change", () => {
  let untouched = 0;
  fc.assert(
    fc.property(json, json, tokens, (from, to, at) => {
      if (touches(diffJson(from, to), at)) return;
      untouched++;
      const [before, after] = [valueAt(from, at), valueAt(to, at)];
      expect(before === undefined || after === undefined ? before === after : equalJson(before, after)).toBe(true);
    }),
    { numRuns: 5_000 },
  );
  expect(untouched).toBeGreaterThan(100);
});

it.each<[op: string, path: string, pointer: string, touched: boolean]>([
  ["replace", "/plan/owner", "/plan/owner", true],
  ["replace", "/plan", "/plan/owner", true],
  ["replace", "", "/plan/owner", true],
  ["add", "/plan/owner/name", "/plan/owner", true],
  ["replace", "/x", "", true],
  ["replace", "/plan/other", "/plan/owner", false],
  ["add", "/plan/other", "/plan/owner", false],
  ["replace", "/plan/owners", "/plan/owner", false],
  ["add", "/steps/1", "/steps/2/done", true],
  ["remove", "/steps/2", "/steps/2/done", true],
  ["remove", "/steps/3", "/steps/2/done", false],
  ["add", "/steps/-", "/steps/2", true],
  ["replace", "/steps/1", "/steps/2/done", false],
  ["add", "/steps/1/done", "/steps/2/done", false],
  ["remove", "/a~1b/c", "/a~1b", true],
])("%s %s for %s: %s", (op, path, pointer, touched) => {
  expect(touches([{ op, path, value: 1 }], parsePointer(pointer) ?? [])).toBe(touched);
});
