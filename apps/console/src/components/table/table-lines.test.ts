import { expect, it } from "vitest";
import { tableLines } from "#components/table/table-lines.ts";

const row = (id: string) => ({ id });

it("is the list alone when there are no groups", () => {
  const lines = tableLines([], "Others", { rows: [row("a"), row("b")], total: 4 });
  expect([lines.count, lines.above]).toEqual([4, 0]);
  expect(lines.at(1)).toMatchObject({ kind: "row", row: { id: "b" }, at: 1 });
  expect(lines.at(3)).toMatchObject({ kind: "missing", at: 3 });
});

it("puts groups first, and then a heading for all others", () => {
  const groups = [{ key: "attention", heading: "Needs attention", rows: [row("x")] }];
  const lines = tableLines(groups, "Others", { rows: [row("a")], total: 1 });
  const read = Array.from({ length: lines.count }, (_, index) => lines.at(index));
  expect(read.map(({ kind }) => kind)).toEqual(["heading", "row", "heading", "row"]);
  expect(lines.above).toBe(3);
  expect(tableLines(groups, "Others", { rows: [], total: 0 }).count).toBe(2);
});

it("leaves out a group without rows", () => {
  const lines = tableLines([{ key: "attention", heading: "Needs attention", rows: [] }], "Others", {
    rows: [row("a")],
    total: 1,
  });
  expect(lines.count).toBe(1);
});
