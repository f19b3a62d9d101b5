import { memo } from "react";
import type { DependencyCondition } from "#api/generated/graphql.ts";
import { overlaps, type Rectangle } from "#features/workflows/graph/camera.ts";
import { edgePath } from "#features/workflows/graph/edge-path.ts";
import type { GraphEdge } from "#features/workflows/graph/group-steps.ts";
import type { Layout } from "#features/workflows/graph/layout-graph.ts";

export type StepEdge = GraphEdge<DependencyCondition>;

/** Of what is not waited for to succeed the line is broken: any of them in dashes, always in dots. */
export const EDGE_DASHES: Readonly<Record<DependencyCondition, string | undefined>> = {
  ALL_SUCCEEDED: undefined,
  ANY_SUCCEEDED: "7 4",
  ALL_ENDED: "1.5 4",
};

interface GraphEdgesProps {
  readonly layout: Layout<StepEdge>;
  readonly inSight: Rectangle;
  /** The edges of this box stand out. */
  readonly strong: string | undefined;
}

/** The lines between boxes, beneath them. */
export const GraphEdges = memo(function GraphEdges({ layout, inSight, strong }: GraphEdgesProps) {
  const { routes, width, height } = layout;
  const seen = routes.filter(({ points }) => overlaps(inSight, boundsOf(points)));
  const stands = ({ from, to }: StepEdge) => from === strong || to === strong;
  return (
    <svg
      aria-hidden
      width={Math.max(1, width)}
      height={Math.max(1, height)}
      className="pointer-events-none absolute top-0 left-0 overflow-visible"
    >
      {[...seen.filter(({ edge }) => !stands(edge)), ...seen.filter(({ edge }) => stands(edge))].map(
        ({ edge, points }) => {
          const end = points.at(-1)!;
          const colour = stands(edge) ? "var(--color-accent)" : "var(--color-line-strong)";
          return (
            <g key={`${edge.from} ${edge.to} ${edge.condition}`} style={{ color: colour }}>
              <path
                d={edgePath(points)}
                fill="none"
                stroke="currentColor"
                strokeWidth={stands(edge) ? 2 : 1.4}
                strokeLinecap="round"
                strokeDasharray={EDGE_DASHES[edge.condition]}
              />
              <path d={`M${end.x - 6} ${end.y - 4}L${end.x} ${end.y}L${end.x - 6} ${end.y + 4}z`} fill="currentColor" />
            </g>
          );
        },
      )}
    </svg>
  );
});

function boundsOf(points: Layout<StepEdge>["routes"][number]["points"]): Rectangle {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
