import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonIssues, textProblem } from "./json.ts";

const nested = (depth: number) => JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`) as unknown;

describe("jsonIssues", () => {
  it("finds nothing wrong with JSON that can be stored", () => {
    const storable = fc
      .jsonValue({ stringUnit: "binary" })
      .filter((value) => !/\\u0000|\\ud[89a-f]|__proto__|\d{16}|e\+/i.test(JSON.stringify(value)));
    fc.assert(
      fc.property(storable, (value) => {
        expect(jsonIssues(value)).toEqual([]);
      }),
    );
  });

  it.each<[string, unknown, string[]]>([
    ["NUL in text", { a: ["x\0y"] }, ["a", "0"]],
    ["NUL in a key", { a: { "x\0": 1 } }, ["a"]],
    ["a lone surrogate", { a: "\ud800" }, ["a"]],
    ["a lone surrogate in a key", { "\udc00": 1 }, []],
    ["a number beyond 2^53", [2 ** 53], ["0"]],
    ["a negative one", [-(2 ** 53)], ["0"]],
    ["no number", [Number.NaN], ["0"]],
    ["an infinite number", [Number.POSITIVE_INFINITY], ["0"]],
    ["__proto__", JSON.parse('{"a":{"__proto__":{"admin":true}}}'), ["a"]],
    ["undefined", { a: undefined }, ["a"]],
    ["a function", { a: () => 1 }, ["a"]],
    ["a date", { a: new Date() }, ["a"]],
    ["a bigint", { a: 1n }, ["a"]],
  ])("refuses %s", (_name, value, path) => {
    expect(jsonIssues(value, ["data"])).toEqual([{ path: ["data", ...path], message: expect.any(String) as string }]);
  });

  it("keeps numbers that have a fraction or fit", () => {
    expect(jsonIssues([2 ** 53 - 1, 1.5, 1e-300, -0])).toEqual([]);
  });

  it("refuses deep nesting without using the stack", () => {
    expect(jsonIssues(nested(100))).toEqual([]);
    expect(jsonIssues(nested(101))).toHaveLength(1);
    expect(jsonIssues(nested(5_000))).toHaveLength(1);
    let deep: unknown = 1;
    for (let depth = 0; depth < 200_000; depth++) deep = [deep];
    expect(jsonIssues(deep)).toHaveLength(1);
  });

  it("counts bytes, not characters", () => {
    expect(jsonIssues("é".repeat(49), [], { depth: 10, bytes: 100 })).toEqual([]);
    expect(jsonIssues("é".repeat(50), [], { depth: 10, bytes: 100 })).toHaveLength(1);
  });

  it("stops counting what is wrong", () => {
    expect(jsonIssues(Array.from({ length: 1_000 }, () => "\0"))).toHaveLength(20);
  });
});

describe("textProblem", () => {
  it("accepts whole characters", () => {
    expect(textProblem("plain, ünïcödé, 😀")).toBeNull();
  });
  it("refuses NUL and halves of characters", () => {
    expect(textProblem("\0")).toContain("NUL");
    expect(textProblem("😀".slice(0, 1))).toContain("surrogate");
  });
});
