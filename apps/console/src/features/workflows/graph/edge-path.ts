import type { Point } from "#features/workflows/graph/layout-graph.ts";

/** The `d` of an SVG path through the points: level at each of them, curved in between. */
export function edgePath([first, ...rest]: readonly Point[]): string {
  if (!first) return "";
  let last = first;
  const parts = [`M${first.x} ${first.y}`];
  for (const point of rest) {
    const bend = (point.x - last.x) / 2;
    parts.push(
      point.y === last.y
        ? `H${point.x}`
        : `C${last.x + bend} ${last.y} ${point.x - bend} ${point.y} ${point.x} ${point.y}`,
    );
    last = point;
  }
  return parts.join("");
}
