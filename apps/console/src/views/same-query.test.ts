import { expect, it } from "vitest";
import { sameQuery } from "#views/same-query.ts";

it.each([
  ["", "", true],
  ["a=1&b=2", "b=2&a=1", true],
  ["a=1,2", "a=1%2C2", true],
  ["a=x+y", "a=x%20y", true],
  ["a=1", "a=2", false],
  ["a=1", "", false],
])("%j and %j: %j", (one, other, same) => {
  expect(sameQuery(one, other)).toBe(same);
});
