import { describe, expect, it } from "vitest";
import { shownNodes } from "#features/contexts/shown-nodes.ts";

describe("shownNodes", () => {
  const tree = [0, 1, 2, 2, 1, 2].map((depth) => ({ depth }));

  it("leaves out what is in closed nodes", () => {
    expect(shownNodes(tree, new Set())).toEqual([0, 1, 2, 3, 4, 5]);
    expect(shownNodes(tree, new Set([1]))).toEqual([0, 1, 4, 5]);
    expect(shownNodes(tree, new Set([1, 4]))).toEqual([0, 1, 4]);
    expect(shownNodes(tree, new Set([0, 1]))).toEqual([0]);
  });
});
