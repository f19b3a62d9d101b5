import { describe, expect, it } from "vitest";
import { type Box, layoutGraph } from "#features/workflows/graph/layout-graph.ts";

const box = (id: string, layer: number, height = 40): Box => ({ id, layer, width: 100, height });
const link = (from: string, to: string) => ({ from, to });

describe("the layout of a graph", () => {
  it("goes from left to right, and a chain is straight", () => {
    const { boxes, routes, width, height } = layoutGraph(
      [box("a", 0), box("b", 1), box("c", 2)],
      [link("a", "b"), link("b", "c")],
    );
    expect(boxes.map(({ x, y }) => [x, y])).toEqual([
      [0, 0],
      [160, 0],
      [320, 0],
    ]);
    expect(routes[0]!.points).toEqual([
      { x: 100, y: 20 },
      { x: 160, y: 20 },
    ]);
    expect([width, height]).toEqual([420, 40]);
  });

  it("puts what is waited for in the middle of those that wait", () => {
    const { boxes } = layoutGraph(
      [box("a", 0), box("b", 1), box("c", 1), box("d", 1)],
      ["b", "c", "d"].map((to) => link("a", to)),
    );
    const y = Object.fromEntries(boxes.map((placed) => [placed.id, placed.y]));
    expect(y["a"]).toBe(y["c"]);
    expect(y["b"]).toBeLessThan(y["c"]!);
    expect(y["c"]).toBeLessThan(y["d"]!);
  });

  it("never lets boxes of a layer overlap, however high they are", () => {
    const boxes = Array.from({ length: 200 }, (_, n) => box(`n${n}`, n % 5, 20 + (n % 7) * 30));
    const edges = boxes.flatMap(({ id, layer }, n) =>
      layer < 4 ? [link(id, `n${((n * 7) % 40) * 5 + layer + 1}`)] : [],
    );
    const layout = layoutGraph(boxes, edges);
    for (const layer of Map.groupBy(layout.boxes, (placed) => placed.layer).values()) {
      const sorted = layer.toSorted((a, b) => a.y - b.y);
      for (const [index, placed] of sorted.entries()) {
        const last = sorted[index - 1];
        if (last) expect(placed.y).toBeGreaterThanOrEqual(last.y + last.height);
      }
    }
    expect(Math.min(...layout.boxes.map(({ y }) => y))).toBe(0);
    expect(Math.max(...layout.boxes.map(({ y, height }) => y + height))).toBeLessThanOrEqual(layout.height + 1);
  });

  it("leads an edge over several layers around what stands between", () => {
    const { boxes, routes } = layoutGraph(
      [box("a", 0), box("b", 1), box("c", 2)],
      [link("a", "b"), link("b", "c"), link("a", "c")],
    );
    const around = routes[2]!.points;
    expect(around).toHaveLength(4);
    const between = boxes[1]!;
    expect(around[1]!.y <= between.y || around[1]!.y >= between.y + between.height).toBe(true);
  });

  it("lays out a thousand steps, always the same", () => {
    const boxes = Array.from({ length: 1_000 }, (_, n) => box(`n${n}`, Math.floor(n / 40)));
    const edges = boxes.flatMap(({ id }, n) =>
      n < 40 ? [] : [1, 2, 3].map((k) => link(`n${(Math.floor(n / 40) - 1) * 40 + ((n * 17 + k * 31) % 40)}`, id)),
    );
    expect(layoutGraph(boxes, edges)).toEqual(layoutGraph(boxes, edges));
  });

  it("has nothing to say about nothing", () => {
    expect(layoutGraph([], [])).toEqual({ boxes: [], routes: [], width: 0, height: 0 });
  });
});
