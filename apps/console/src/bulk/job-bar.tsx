import type { BulkJobOutcome } from "#api/generated/graphql.ts";
import { OUTCOMES } from "#bulk/outcomes.tsx";

/** In the order in which the bar shows them. */
const SHOWN = ["SUCCEEDED", "STARTED", "SKIPPED", "FAILED"] as const satisfies readonly BulkJobOutcome[];

export interface JobCounts {
  readonly total: number;
  readonly succeeded: number;
  readonly skipped: number;
  readonly failed: number;
  readonly started: number;
  readonly pending: number;
}

/** How many targets of a job have each outcome. */
export function outcomeCounts(job: JobCounts): Readonly<Record<BulkJobOutcome, number>> {
  return {
    SUCCEEDED: job.succeeded,
    STARTED: job.started,
    SKIPPED: job.skipped,
    FAILED: job.failed,
    PENDING: job.pending,
  };
}

/** How far a job is, by outcomes. What it says is said beside it. */
export function JobBar({ job }: { readonly job: JobCounts }) {
  const counts = outcomeCounts(job);
  return (
    <div aria-hidden className="flex h-2 w-full gap-px overflow-hidden rounded-full bg-sunken">
      {SHOWN.filter((outcome) => counts[outcome] > 0).map((outcome) => (
        <span
          key={outcome}
          className="min-w-1 transition-[width] duration-300"
          style={{
            width: `${(100 * counts[outcome]) / Math.max(1, job.total)}%`,
            background: OUTCOMES[outcome].colour,
          }}
        />
      ))}
    </div>
  );
}
