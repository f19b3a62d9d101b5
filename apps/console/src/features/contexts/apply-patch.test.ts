import { describe, expect, it } from "vitest";
import { applyMergePatch, applyPatch } from "#features/contexts/apply-patch.ts";

describe("applyPatch", () => {
  const data = { plan: { owner: "core", "a/b": 1 }, steps: ["freeze", "test"] };

  it("does what RFC 6902 says, and leaves the data as it is", () => {
    expect(
      applyPatch(data, [
        { op: "test", path: "/plan/owner", value: "core" },
        { op: "replace", path: "/plan/owner", value: "builder" },
        { op: "remove", path: "/plan/a~1b" },
        { op: "add", path: "/steps/1", value: "look" },
        { op: "add", path: "/steps/-", value: "publish" },
        { op: "copy", from: "/plan", path: "/old" },
        { op: "move", from: "/steps/0", path: "/first" },
      ]),
    ).toEqual({
      plan: { owner: "builder" },
      steps: ["look", "test", "publish"],
      old: { owner: "builder" },
      first: "freeze",
    });
    expect(applyPatch(data, [{ op: "replace", path: "", value: 1 }])).toBe(1);
    expect(data).toEqual({ plan: { owner: "core", "a/b": 1 }, steps: ["freeze", "test"] });
  });

  it("says which operation does not apply", () => {
    const refusal = (operation: Parameters<typeof applyPatch>[1][number]) => () =>
      applyPatch(data, [{ op: "test", path: "", value: data }, operation]);
    expect(refusal({ op: "replace", path: "/none", value: 1 })).toThrow("Operation 2: There is nothing at /none.");
    expect(refusal({ op: "add", path: "/x/y", value: 1 })).toThrow(/could stand in/);
    expect(refusal({ op: "add", path: "/steps/9", value: 1 })).toThrow(/beyond the end/);
    expect(refusal({ op: "test", path: "/plan/owner", value: "me" })).toThrow(/another value/);
    expect(refusal({ op: "put", path: "/a" })).toThrow(/is no operation/);
  });
});

describe("applyMergePatch", () => {
  it("does what RFC 7396 says", () => {
    expect(applyMergePatch({ a: "b", c: { d: "e", f: "g" } }, { a: "z", c: { f: null } })).toEqual({
      a: "z",
      c: { d: "e" },
    });
    expect(applyMergePatch([1], { a: { b: null } })).toEqual({ a: {} });
    expect(applyMergePatch({ a: 1 }, "whole")).toBe("whole");
  });
});
