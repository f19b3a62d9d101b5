import { expect, it } from "vitest";
import { walkGraph } from "#features/workflows/graph/walk-graph.ts";

const at = (id: string, layer: number, y: number) => ({ id, layer, x: layer * 200, y, width: 100, height: 40 });
const boxes = [at("a", 0, 60), at("b", 1, 0), at("c", 1, 60), at("d", 1, 120), at("e", 2, 100)];
const edges = [
  { from: "a", to: "b" },
  { from: "a", to: "c" },
  { from: "a", to: "d" },
  { from: "d", to: "e" },
  { from: "b", to: "e" },
];
const walk = (from: string, direction: Parameters<typeof walkGraph>[3]) => walkGraph(boxes, edges, from, direction);

it("follows edges to the nearest neighbour, and the layer up and down", () => {
  expect(walk("a", "right")).toBe("c");
  expect(walk("e", "left")).toBe("d");
  expect(walk("b", "down")).toBe("c");
  expect(walk("d", "up")).toBe("c");
});

it("stays where nothing leads on, and begins at the first when it is nowhere", () => {
  expect([walk("e", "right"), walk("a", "left"), walk("a", "up"), walk("e", "down")]).toEqual([null, null, null, null]);
  expect(walk("gone", "right")).toBe("a");
});
