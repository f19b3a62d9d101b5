import { columnsOf } from "#features/workflows/graph/block-sizes.ts";
import type { Block } from "#features/workflows/graph/group-steps.ts";
import type { Direction } from "#features/workflows/graph/walk-graph.ts";

/** Where an arrow key leads within an unfolded group: from its head down into the cells and among them. Null: out of it. */
export function walkCells({ id, steps }: Block, from: string, direction: Direction): string | null {
  if (from === id) return direction === "down" ? (steps[0] ?? null) : null;
  const columns = columnsOf(steps.length);
  const at = steps.indexOf(from);
  const column = at % columns;
  switch (direction) {
    case "left":
      return column === 0 ? null : (steps[at - 1] ?? null);
    case "right":
      return column === columns - 1 ? null : (steps[at + 1] ?? null);
    case "up":
      return at < columns ? id : (steps[at - columns] ?? null);
    case "down":
      return steps[at + columns] ?? null;
  }
}
