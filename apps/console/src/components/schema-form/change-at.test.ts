import { expect, test } from "vitest";
import { changeAt, valueAt } from "#components/schema-form/change-at.ts";

test("finds a value by its place", () => {
  expect(valueAt({ a: [{ b: 1 }] }, ["a", "0", "b"])).toBe(1);
  expect(valueAt({ a: 1 }, ["a", "b"])).toBeUndefined();
  expect(valueAt({}, ["constructor"])).toBeUndefined();
});

test("changes a copy, and makes what is missing on the way", () => {
  const value = { a: [1, 2], c: 3 };
  expect(changeAt(value, ["a", "1"], 5)).toEqual({ a: [1, 5], c: 3 });
  expect(changeAt(value, ["b", "d"], 4)).toEqual({ a: [1, 2], c: 3, b: { d: 4 } });
  expect(value).toEqual({ a: [1, 2], c: 3 });
});

test("takes away what becomes undefined", () => {
  expect(changeAt({ a: [1, 2], c: 3 }, ["a", "0"], undefined)).toEqual({ a: [2], c: 3 });
  expect(changeAt({ a: 1, c: 3 }, ["a"], undefined)).toEqual({ c: 3 });
});

test("takes __proto__ for a name", () => {
  expect(Object.keys(changeAt({}, ["__proto__"], 1) as object)).toEqual(["__proto__"]);
});
