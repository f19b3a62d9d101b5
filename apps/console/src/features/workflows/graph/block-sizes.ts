import type { Block } from "#features/workflows/graph/group-steps.ts";
import type { Box } from "#features/workflows/graph/layout-graph.ts";

export const STEP = { width: 184, height: 46 } as const;
const GROUP = { width: 208, height: 66 } as const;
/** An unfolded group: a head, and its steps in cells. */
export const CELL = { width: 148, height: 30, gap: 6 } as const;
export const HEAD = 40;
export const PADDING = 10;

/** How many cells stand side by side: about as wide as high. */
export function columnsOf(count: number): number {
  return Math.max(1, Math.round(Math.sqrt((count * CELL.height) / CELL.width) * 1.25));
}

/** How much room a block takes. */
export function boxOf({ id, steps, layer }: Block, unfolded: boolean): Box {
  if (steps.length === 1) return { id, layer, ...STEP };
  if (!unfolded) return { id, layer, ...GROUP };
  const columns = columnsOf(steps.length);
  const rows = Math.ceil(steps.length / columns);
  return {
    id,
    layer,
    width: 2 * PADDING + columns * (CELL.width + CELL.gap) - CELL.gap,
    height: HEAD + PADDING + rows * (CELL.height + CELL.gap) - CELL.gap,
  };
}
