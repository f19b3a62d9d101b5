import { expect, it } from "vitest";
import { slugOf } from "./slug-of.ts";

it.each([
  ["Payments", "payments"],
  ["Käse & Brot", "kase-brot"],
  ["  -.x v1.2 ", "x-v1.2"],
  ["日本", ""],
  ["a".repeat(62) + " b", "a".repeat(62)],
])("makes %j an address: %j", (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});
