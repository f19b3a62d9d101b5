import { describe, expect, it } from "vitest";
import { formatPointer, parsePointer, valueAt } from "./json-pointer.ts";

// RFC 6901, section 5.
const document = {
  foo: ["bar", "baz"],
  "": 0,
  "a/b": 1,
  "c%d": 2,
  "e^f": 3,
  "g|h": 4,
  "i\\j": 5,
  'k"l': 6,
  " ": 7,
  "m~n": 8,
};
const examples: [string, unknown][] = [
  ["", document],
  ["/foo", ["bar", "baz"]],
  ["/foo/0", "bar"],
  ["/", 0],
  ["/a~1b", 1],
  ["/c%d", 2],
  ["/e^f", 3],
  ["/g|h", 4],
  ["/i\\j", 5],
  ['/k"l', 6],
  ["/ ", 7],
  ["/m~0n", 8],
];

describe("JSON Pointer", () => {
  it.each(examples)("finds what RFC 6901 says at %j", (pointer, value) => {
    const tokens = parsePointer(pointer);
    expect(valueAt(document, tokens ?? ["?"])).toEqual(value);
    expect(formatPointer(tokens ?? ["?"])).toBe(pointer);
  });

  it.each(["foo", "/~", "/a~2", "#/foo", "~", "/".repeat(4097)])("refuses %j", (pointer) => {
    expect(parsePointer(pointer)).toBeNull();
  });

  it.each([
    "/foo/2",
    "/foo/-",
    "/foo/00",
    "/foo/01",
    "/foo/length",
    "/toString",
    "/constructor",
    "/__proto__",
    "/foo/0/length",
    "/foo/1e0",
  ])("finds nothing at %j", (pointer) => {
    expect(valueAt(document, parsePointer(pointer) ?? [])).toBeUndefined();
  });

  it("finds own members with the names of inherited ones", () => {
    expect(valueAt({ constructor: 1 }, ["constructor"])).toBe(1);
  });
});
