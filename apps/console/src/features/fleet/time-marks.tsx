"use client";
import { memo, useMemo } from "react";
import type { FleetTimeMarksQueryVariables as Variables } from "#api/generated/graphql.ts";
import { shareOf, type TimeSpan } from "#features/fleet/time-range.ts";
import { PARTS, TimeMarksQuery } from "#features/fleet/time-marks-query.ts";
import { useAnswer } from "#live/use-answer.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

interface TimeMarksProps {
  readonly project: ProjectRoute;
  readonly span: TimeSpan;
}

type Counts = Readonly<Record<string, { readonly totalCount: number } | undefined>>;

/** Where along the way many agents moved, and where some came into trouble. */
export const TimeMarks = memo(function TimeMarks({ project, span }: TimeMarksProps) {
  const variables = useMemo(() => timesOf(project, span), [project, span]);
  const { data } = useAnswer(TimeMarksQuery, variables);
  if (!data?.project) return null;
  const { trouble, ...parts } = data.project;
  const counts = Array.from({ length: PARTS }, (_, part) => (parts as unknown as Counts)[`b${part}`]?.totalCount ?? 0);
  const most = Math.max(1, ...counts);
  return (
    <svg viewBox={`0 0 ${PARTS} 1`} preserveAspectRatio="none" className="absolute inset-0 size-full">
      {counts.map((count, part) => {
        // Also a few among thousands are seen.
        const height = count === 0 ? 0 : Math.max(0.06, Math.sqrt(count / most) * 0.9);
        return (
          <rect key={part} x={part + 0.06} y={1 - height} width={0.88} height={height} className="fill-line-strong" />
        );
      })}
      {trouble.edges.map(({ node }) => {
        const x = shareOf(span, Date.parse(node.at)) * PARTS;
        return (
          <path
            key={node.id}
            d={`M${x} 0v0.3`}
            stroke="var(--color-error)"
            strokeWidth={2}
            vectorEffect="non-scaling-stroke"
          />
        );
      })}
    </svg>
  );
});

function timesOf(project: ProjectRoute, { from, to }: TimeSpan): Variables {
  const times = Array.from({ length: PARTS + 1 }, (_, part) => [
    `t${part}`,
    new Date(from + ((to - from) * part) / PARTS).toISOString(),
  ]);
  return { path: projectPath(project), ...Object.fromEntries(times) } as Variables;
}
