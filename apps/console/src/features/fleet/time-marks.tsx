"use client";
import { memo, useMemo } from "react";
import type { AgentFilter } from "#api/generated/graphql.ts";
import { shareOf, type TimeSpan } from "#features/fleet/time-range.ts";
import { PARTS, TimeMarksQuery } from "#features/fleet/time-marks-query.ts";
import { useAnswer } from "#live/use-answer.ts";
import { projectPath, type ProjectRoute } from "#routes.ts";

interface TimeMarksProps {
  readonly project: ProjectRoute;
  readonly span: TimeSpan;
  /** Which agents count; by what they are now, so without states. */
  readonly filter: Omit<AgentFilter, "states">;
}

/** Where along the way many agents moved, and where some came into trouble: trouble of any, also of those that do not count. */
export const TimeMarks = memo(function TimeMarks({ project, span, filter }: TimeMarksProps) {
  const variables = useMemo(
    () => ({ path: projectPath(project), from: iso(span.from), to: iso(span.to), parts: PARTS, filter }),
    [project, span, filter],
  );
  const { data } = useAnswer(TimeMarksQuery, variables);
  if (!data?.project) return null;
  const { trouble, transitionCounts: counts } = data.project;
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

function iso(moment: number): string {
  return new Date(moment).toISOString();
}
