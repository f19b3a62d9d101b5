import { describe, expect, it } from "vitest";
import { jsonLines } from "#components/json/json-lines.ts";
import { lineAt, pointerOf, pointerProblem } from "#components/json/json-pointer.ts";

const lines = jsonLines({ "a/b": { "~": [1, { c: 2 }], "": 0 }, d: [] });

describe("pointerOf", () => {
  it("says where each line stands", () => {
    expect(lines.map((_, at) => pointerOf(lines, at))).toEqual([
      "",
      "/a~1b",
      "/a~1b/",
      "/a~1b/~0",
      "/a~1b/~0/0",
      "/a~1b/~0/1",
      "/a~1b/~0/1/c",
      "/a~1b/~0/1",
      "/a~1b/~0",
      "/a~1b",
      "/d",
      "",
    ]);
  });
});

describe("lineAt", () => {
  it("leads back", () => {
    for (const [at, line] of lines.entries()) if (!line.closes) expect(lineAt(lines, pointerOf(lines, at))).toBe(at);
  });

  it("is null where there is nothing", () => {
    for (const pointer of ["/x", "/a~1b/~0/2", "/d/0", "/a~1b//0", "no pointer"])
      expect(lineAt(lines, pointer)).toBeNull();
  });
});

describe("pointerProblem", () => {
  it("knows what RFC 6901 allows", () => {
    for (const pointer of ["", "/", "/a//b", "/~0~1", "/a b/ü"]) expect(pointerProblem(pointer)).toBeNull();
    for (const pointer of ["a", "a/b", "/~", "/~2", "#/a"]) expect(pointerProblem(pointer)).not.toBeNull();
  });
});
