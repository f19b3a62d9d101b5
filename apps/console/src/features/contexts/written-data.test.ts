import { describe, expect, it } from "vitest";
import { writtenData } from "#features/contexts/written-data.ts";

describe("writtenData", () => {
  const base = { owner: "core", steps: ["test"] };

  it("is the data, or what a patch makes of it", () => {
    expect(writtenData("data", '{"a": 1}', base)).toEqual({ given: { a: 1 }, data: { a: 1 } });
    expect(writtenData("mergePatch", '{"owner": null}', base)).toMatchObject({ data: { steps: ["test"] } });
    expect(writtenData("patch", '[{"op": "remove", "path": "/steps/0"}]', base)).toMatchObject({
      data: { owner: "core", steps: [] },
    });
  });

  it("says what is wrong, and on which line", () => {
    expect(writtenData("data", '{\n"a": \n}', base)).toMatchObject({ problem: { line: 3 } });
    expect(writtenData("data", "null", base)).toHaveProperty("problem");
    expect(writtenData("patch", "{}", base)).toHaveProperty("problem");
    expect(writtenData("patch", '[{"op": "remove"}]', base)).toHaveProperty("problem");
    expect(writtenData("patch", '[{"op": "remove", "path": "/x"}]', base)).toHaveProperty(
      "problem.message",
      "Operation 1: There is nothing at /x.",
    );
  });
});
