import { describe, expect, it } from "vitest";
import { crossings, orderLayers } from "#features/workflows/graph/order-layers.ts";

/** Edges between numbered nodes that stand in layers. */
function graph(layers: number[][], edges: [number, number][]) {
  const size = layers.flat().length;
  const before = Array.from({ length: size }, (_, node) => edges.filter(([, to]) => to === node).map(([from]) => from));
  const after = Array.from({ length: size }, (_, node) => edges.filter(([from]) => from === node).map(([, to]) => to));
  return { layers, before, after };
}

describe("the order of layers", () => {
  it("uncrosses what can be uncrossed", () => {
    const crossed = graph(
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
      [
        [0, 5],
        [1, 4],
        [2, 3],
      ],
    );
    expect(crossings(crossed.layers, crossed.after)).toBe(3);
    const order = orderLayers(crossed);
    expect(crossings(order, crossed.after)).toBe(0);
  });

  it("counts edges that meet at a node as not crossing", () => {
    const { layers, after } = graph(
      [
        [0, 1],
        [2, 3],
      ],
      [
        [0, 2],
        [0, 3],
        [1, 3],
      ],
    );
    expect(crossings(layers, after)).toBe(0);
    expect(
      crossings(
        [
          [1, 0],
          [2, 3],
        ],
        after,
      ),
    ).toBe(1);
  });

  it("leaves alone what has nothing to cross", () => {
    const { layers, before, after } = graph(
      [[0], [1, 2, 3]],
      [
        [0, 1],
        [0, 2],
        [0, 3],
      ],
    );
    expect(orderLayers({ layers, before, after })).toEqual([[0], [1, 2, 3]]);
  });
});
