import type { Placed } from "#features/workflows/graph/layout-graph.ts";

export type Direction = "left" | "right" | "up" | "down";

interface Link {
  readonly from: string;
  readonly to: string;
}

/**
 * Where an arrow key leads from a box: right to what waits for it, left to what it waits for, the nearest in height; up and down
 * to its neighbours in the layer. Null when there is nothing.
 */
export function walkGraph(
  boxes: readonly Placed[],
  edges: readonly Link[],
  from: string,
  direction: Direction,
): string | null {
  const here = boxes.find(({ id }) => id === from);
  if (!here) return boxes[0]?.id ?? null;
  const middle = (box: Placed) => box.y + box.height / 2;
  const nearest = (candidates: readonly Placed[]) =>
    candidates.toSorted(
      (one, other) => Math.abs(middle(one) - middle(here)) - Math.abs(middle(other) - middle(here)),
    )[0]?.id ?? null;
  if (direction === "left" || direction === "right") {
    const ids = new Set(
      direction === "right"
        ? edges.filter((edge) => edge.from === from).map(({ to }) => to)
        : edges.filter((edge) => edge.to === from).map((edge) => edge.from),
    );
    return nearest(boxes.filter(({ id }) => ids.has(id)));
  }
  const below = direction === "down";
  return nearest(
    boxes.filter(
      (box) => box.layer === here.layer && (below ? middle(box) > middle(here) : middle(box) < middle(here)),
    ),
  );
}
