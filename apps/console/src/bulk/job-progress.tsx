"use client";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { BulkJobOutcome } from "#api/generated/graphql.ts";
import { JobBar, outcomeCounts } from "#bulk/job-bar.tsx";
import { jobSubject } from "#bulk/job-subject.ts";
import { OUTCOMES, outcomeText } from "#bulk/outcomes.tsx";
import { numberText } from "#components/number-text.ts";
import { StateIcon } from "#lifecycles/state-badge.tsx";

export const JobProgressFragment = graphql(`
  fragment BulkJobProgress on BulkJob {
    id
    kind
    action
    mode
    state
    total
    succeeded
    skipped
    failed
    started
    pending
    finishedAt
  }
`);

/** In the order in which the bar shows them. */
const SHOWN = ["SUCCEEDED", "STARTED", "SKIPPED", "FAILED", "PENDING"] as const satisfies readonly BulkJobOutcome[];

/** How far a job is: a bar of outcomes, and how many there are of each. */
export function JobProgress({ job: masked }: { readonly job: FragmentType<typeof JobProgressFragment> }) {
  const job = readFragment(JobProgressFragment, masked);
  const counts = outcomeCounts(job);
  const done = job.succeeded + job.skipped + job.failed;
  const subject = jobSubject(job);
  return (
    <div className="grid gap-2">
      <div className="flex items-baseline justify-between gap-3">
        <span className="font-[550] tabular-nums">
          {numberText(done)} of {numberText(job.total)} dealt with
        </span>
        <span className="text-muted tabular-nums">
          {job.total === 0 ? "100" : Math.floor((100 * done) / job.total)} %
        </span>
      </div>
      <div
        role="progressbar"
        aria-label="Progress"
        aria-valuemin={0}
        aria-valuemax={job.total}
        aria-valuenow={done}
        aria-valuetext={SHOWN.filter((outcome) => counts[outcome] > 0)
          .map((outcome) => `${numberText(counts[outcome])} ${outcomeText(subject, outcome)}`)
          .join(", ")}
      >
        <JobBar job={job} />
      </div>
      <ul className="flex flex-wrap gap-x-4 gap-y-1 text-muted">
        {SHOWN.filter((outcome) => counts[outcome] > 0).map((outcome) => (
          <li key={outcome} className="inline-flex items-center gap-1.5 tabular-nums">
            <StateIcon look={OUTCOMES[outcome]} />
            {numberText(counts[outcome])} {outcomeText(subject, outcome)}
          </li>
        ))}
      </ul>
    </div>
  );
}
