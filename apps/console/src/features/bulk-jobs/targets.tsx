"use client";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import type { BulkJobOutcome, BulkJobQuery } from "#api/generated/graphql.ts";
import { pagesBeside, type PageView } from "#api/page-view.ts";
import { outcomeCounts } from "#bulk/job-bar.tsx";
import { JobProgressFragment } from "#bulk/job-progress.tsx";
import { jobSubject } from "#bulk/job-subject.ts";
import { OUTCOMES } from "#bulk/outcomes.tsx";
import { Card } from "#components/card.tsx";
import { ListHead } from "#components/list-head.tsx";
import { Empty } from "#components/notice.tsx";
import { numberText } from "#components/number-text.ts";
import { Pager } from "#components/pager.tsx";
import { Tabs } from "#components/tabs.tsx";
import { TargetRow } from "#features/bulk-jobs/target-row.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

type TargetsOfJob = Extract<NonNullable<BulkJobQuery["node"]>, { readonly __typename: "BulkJob" }>["targets"];

interface TargetsProps {
  readonly project: ProjectRoute;
  readonly jobId: string;
  readonly job: FragmentType<typeof JobProgressFragment>;
  readonly targets: TargetsOfJob;
  /** Null: all of them. */
  readonly outcome: BulkJobOutcome | null;
  /** Another page is on its way. */
  readonly busy: boolean;
}

/** Those that need a look first. */
const ORDER = ["FAILED", "STARTED", "SKIPPED", "SUCCEEDED", "PENDING"] as const satisfies readonly BulkJobOutcome[];

/** What has become of each target: all, or those with one outcome, in the order of their turns. */
export function Targets({ project, jobId, job: masked, targets, outcome, busy }: TargetsProps) {
  const job = readFragment(JobProgressFragment, masked);
  const counts = outcomeCounts(job);
  const { edges, pageInfo } = targets;
  const { what } = jobSubject(job);
  const hrefOf = (page: PageView) => routes.bulkJob(project, jobId, { outcome: outcome ?? undefined, ...page });
  const columns = [
    ["Turn", "w-px text-right"],
    [what === "agents" ? "Agent" : "Task", ""],
    ["State now", "hidden sm:table-cell"],
    ["Outcome", ""],
    ["When", "text-right"],
  ] as const;
  const tabs = [
    { name: "All", href: routes.bulkJob(project, jobId), count: numberText(job.total), current: outcome === null },
    ...ORDER.filter((each) => counts[each] > 0 || each === outcome).map((each) => ({
      name: OUTCOMES[each].word,
      href: routes.bulkJob(project, jobId, { outcome: each }),
      count: numberText(counts[each]),
      current: outcome === each,
    })),
  ];
  return (
    <div className="grid grid-cols-1 gap-3">
      <Tabs label="Outcomes" tabs={tabs} />
      <Card className="overflow-x-auto" aria-busy={busy}>
        {edges.length === 0 ? (
          <Empty title={outcome === null ? "Nothing matched when it was asked for" : "None of them is here"} />
        ) : (
          <table className="w-full text-left">
            <ListHead columns={columns} />
            <tbody>
              {edges.map(({ node }, place) => (
                <TargetRow key={place} project={project} target={node} />
              ))}
            </tbody>
          </table>
        )}
      </Card>
      <div className="flex justify-end">
        <Pager {...pagesBeside(pageInfo, hrefOf)} />
      </div>
    </div>
  );
}
