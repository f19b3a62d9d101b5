"use client";
import { type ComponentProps, useRef } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { type PageEnds, pagesBeside } from "#api/page-view.ts";
import { Card } from "#components/card.tsx";
import { ListHead } from "#components/list-head.tsx";
import { Empty } from "#components/notice.tsx";
import { numberText } from "#components/number-text.ts";
import { Pager } from "#components/pager.tsx";
import { useLinkKeys } from "#components/use-link-keys.ts";
import { FactsFragment } from "#features/schedules/schedule-facts.ts";
import { ScheduleTask } from "#features/schedules/schedule-task.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

/** Each with what a narrow window does with it. */
const COLUMNS = [
  ["For", ""],
  ["Outcome", ""],
  ["Agent", "hidden md:table-cell"],
  ["Took", "hidden text-right sm:table-cell"],
  ["Created", "hidden text-right sm:table-cell"],
] as const;

interface ScheduleRunsProps {
  readonly project: ProjectRoute;
  readonly schedule: FragmentType<typeof FactsFragment>;
  readonly page: {
    readonly totalCount: number;
    readonly totalIsCapped: boolean;
    readonly edges: readonly { readonly node: { readonly id: string } & ComponentProps<typeof ScheduleTask>["task"] }[];
    readonly pageInfo: PageEnds;
  };
  readonly busy: boolean;
}

/** The tasks that a schedule has created, the newest first. */
export function ScheduleRuns({ project, schedule, page, busy }: ScheduleRunsProps) {
  const { id, timeZone } = readFragment(FactsFragment, schedule);
  const list = useRef<HTMLDivElement>(null);
  useLinkKeys(list);
  const { edges, pageInfo, totalCount, totalIsCapped } = page;
  return (
    <section aria-labelledby="runs" className="grid grid-cols-1 gap-2">
      <div className="flex items-baseline justify-between">
        <h2 id="runs" className="font-semibold">
          Runs{" "}
          <span className="font-normal text-faint tabular-nums">{`${numberText(totalCount)}${totalIsCapped ? "+" : ""}`}</span>
        </h2>
      </div>
      <Card ref={list} className="overflow-x-auto" aria-busy={busy}>
        {edges.length === 0 ? (
          <Empty title="It has not run yet">
            A task appears here at its next time. To see now whether it works, use “Run now”.
          </Empty>
        ) : (
          <table className="w-full text-left">
            <ListHead columns={COLUMNS} />
            <tbody>
              {edges.map(({ node }) => (
                <ScheduleTask key={node.id} project={project} timeZone={timeZone} task={node} />
              ))}
            </tbody>
          </table>
        )}
      </Card>
      <Pager {...pagesBeside(pageInfo, (at) => routes.schedule(project, id, at))} />
    </section>
  );
}
