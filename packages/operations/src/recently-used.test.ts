import { expect, it } from "vitest";
import { RecentlyUsed } from "./recently-used.ts";

it("keeps what was asked for last, and makes the rest anew", () => {
  const made: string[] = [];
  const recent = new RecentlyUsed<string>(2);
  const get = (key: string) => recent.get(key, () => (made.push(key), key.toUpperCase()));
  expect(["a", "b", "a", "c", "a", "b"].map(get)).toEqual(["A", "B", "A", "C", "A", "B"]);
  expect(made).toEqual(["a", "b", "c", "b"]);
});

it("keeps nothing of what could not be made", () => {
  const recent = new RecentlyUsed<number>(2);
  const failing = () => {
    throw new Error("not now");
  };
  expect(() => recent.get("a", failing)).toThrow("not now");
  expect(recent.get("a", () => 1)).toBe(1);
});
