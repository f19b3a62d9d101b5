"use client";
import Link from "next/link";
import { useEffect, useState } from "react";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { AbortDialog } from "#bulk/abort-dialog.tsx";
import { JobProgress, JobProgressFragment } from "#bulk/job-progress.tsx";
import { jobSummary } from "#bulk/job-summary.ts";
import { useBulkJob } from "#bulk/use-bulk-job.ts";
import { Button, buttonClass } from "#components/button.tsx";
import { QueryState } from "#components/query-state.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

interface BulkRunProps {
  readonly project: ProjectRoute;
  readonly jobId: string;
  /** It has come to its end. */
  readonly onOver: () => void;
  readonly onClose: () => void;
}

/** A job that was just asked for, as it goes on. */
export function BulkRun({ project, jobId, onOver, onClose }: BulkRunProps) {
  const { job: masked, error } = useBulkJob(jobId);
  const job = readFragment(JobProgressFragment, masked);
  const over = Boolean(job?.finishedAt);
  const [aborting, setAborting] = useState(false);
  useEffect(() => {
    if (over) onOver();
  }, [over, onOver]);
  return (
    <QueryState data={masked} error={error}>
      {(found) => (
        <div className="grid gap-4">
          <JobProgress job={found} />
          {job && (
            <p aria-live="polite" className="text-muted">
              {jobSummary(job)}
            </p>
          )}
          <div className="flex flex-wrap justify-end gap-2">
            <Link href={routes.bulkJob(project, jobId)} className={buttonClass()}>
              Open the bulk job
            </Link>
            {job?.state === "RUNNING" && job.pending > 0 && (
              <Button look="danger" onClick={() => setAborting(true)}>
                Abort
              </Button>
            )}
            <Button look={over ? "primary" : "plain"} onClick={onClose}>
              Close
            </Button>
          </div>
          {aborting && <AbortDialog jobId={jobId} open={aborting} onClose={() => setAborting(false)} />}
        </div>
      )}
    </QueryState>
  );
}
