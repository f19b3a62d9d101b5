import { expect, it } from "vitest";
import { parseCompilerOutput } from "./check-types.ts";

it("reads what the compiler prints", () => {
  const output = [
    "src/a (1).ts(3,14): error TS2322: Type '{ a: string; }' is not assignable to type 'A'.",
    "  Types of property 'a' are incompatible.",
    "    Type 'string' is not assignable to type 'number'.",
    "src/b.ts(1,1): error TS1005: ',' expected.",
    "error TS18003: No inputs were found in config file 'tsconfig.json'.",
    "",
  ].join("\r\n");
  expect(parseCompilerOutput(output)).toEqual([
    {
      file: "src/a (1).ts",
      line: 3,
      column: 14,
      code: "TS2322",
      message:
        "Type '{ a: string; }' is not assignable to type 'A'.\n" +
        "  Types of property 'a' are incompatible.\n    Type 'string' is not assignable to type 'number'.",
    },
    { file: "src/b.ts", line: 1, column: 1, code: "TS1005", message: "',' expected." },
    {
      file: null,
      line: null,
      column: null,
      code: "TS18003",
      message: "No inputs were found in config file 'tsconfig.json'.",
    },
  ]);
});
