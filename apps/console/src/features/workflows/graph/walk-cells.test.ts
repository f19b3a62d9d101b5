import { expect, it } from "vitest";
import { columnsOf } from "#features/workflows/graph/block-sizes.ts";
import { walkCells } from "#features/workflows/graph/walk-cells.ts";

const block = { id: "×s0", layer: 0, steps: Array.from({ length: 20 }, (_, n) => `s${n}`) };
const columns = columnsOf(20);

it("goes from the head into the cells, among them, and out at the sides", () => {
  expect(walkCells(block, "×s0", "down")).toBe("s0");
  expect(walkCells(block, "×s0", "right")).toBeNull();
  expect(walkCells(block, "s0", "up")).toBe("×s0");
  expect(walkCells(block, "s0", "right")).toBe("s1");
  expect(walkCells(block, "s0", "left")).toBeNull();
  expect(walkCells(block, "s1", "down")).toBe(`s${columns + 1}`);
  expect(walkCells(block, `s${columns}`, "up")).toBe("s0");
  expect(walkCells(block, `s${columns - 1}`, "right")).toBeNull();
  expect(walkCells(block, "s19", "down")).toBeNull();
});
