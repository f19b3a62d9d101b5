import fc from "fast-check";
import { expect, it } from "vitest";
import { csvCell } from "./audit-csv.ts";

it.each([
  ["plain", "plain"],
  ["with, comma", '"with, comma"'],
  ['with "quotes"', '"with ""quotes"""'],
  ["two\r\nlines", '"two\r\nlines"'],
  [null, ""],
  [7, "7"],
  [{ a: "b" }, '"{""a"":""b""}"'],
  ["=1+1", `"'=1+1"`],
  ["+1", `"'+1"`],
  ["-1", `"'-1"`],
  ["@SUM(A1)", `"'@SUM(A1)"`],
  ["\t=1", `"'\t=1"`],
  ["\r=1", `"'\r=1"`],
  ['=HYPERLINK("http://evil","x")', `"'=HYPERLINK(""http://evil"",""x"")"`],
])("writes %j as %s", (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

it("can be read back, and never begins a formula", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."=+-@\t\r\n,\"'a ") }), (text) => {
      const cell = csvCell(text);
      const read = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
      expect(read === text || read === `'${text}`).toBe(true);
      expect(read).not.toMatch(/^[=+\-@\t\r\n]/);
      expect(cell.startsWith('"') || !/[,"\r\n]/.test(cell)).toBe(true);
    }),
  );
});
