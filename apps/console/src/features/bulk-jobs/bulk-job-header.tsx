"use client";
import { useState } from "react";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { AbortDialog } from "#bulk/abort-dialog.tsx";
import { bulkTitle } from "#bulk/bulk-request.ts";
import { jobSubject } from "#bulk/job-subject.ts";
import { JOB_STATES } from "#bulk/job-states.tsx";
import { Button } from "#components/button.tsx";
import { CopyableId } from "#components/copyable-id.tsx";
import { Ago, durationText, Elapsed } from "#components/time.tsx";
import { StateBadge } from "#lifecycles/state-badge.tsx";

const HeaderFragment = graphql(`
  fragment BulkJobHeader on BulkJob {
    id
    kind
    action
    mode
    state
    stateSince
    total
    pending
    reason
    filter
    createdAt
    finishedAt
    creator {
      kind
      id
      name
    }
  }
`);

/** What it takes to abort a job of each kind. */
const PERMISSIONS = { CANCEL: "task.cancel", RETRY: "task.retry", TRANSITION: "agent.transition" } as const;

interface BulkJobHeaderProps {
  readonly job: FragmentType<typeof HeaderFragment>;
  readonly permissions: readonly string[];
}

/** What the job does, where it stands, who wanted it and why. */
export function BulkJobHeader({ job: masked, permissions }: BulkJobHeaderProps) {
  const job = readFragment(HeaderFragment, masked);
  const [aborting, setAborting] = useState(false);
  const may = permissions.includes(PERMISSIONS[job.kind]);
  return (
    <div className="grid gap-1">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="text-xl font-semibold tracking-tight">{bulkTitle(jobSubject(job), job.total)}</h1>
        <StateBadge look={JOB_STATES[job.state]} />
        <span className="text-muted">
          {job.finishedAt === null ? (
            <>
              for <Elapsed since={job.createdAt} />
            </>
          ) : (
            `took ${durationText(Date.parse(job.finishedAt) - Date.parse(job.createdAt))}`
          )}
        </span>
        {job.state === "RUNNING" && (
          <Button
            look="danger"
            className="ml-auto"
            disabled={!may}
            title={may ? undefined : `This needs the permission ${PERMISSIONS[job.kind]}.`}
            onClick={() => setAborting(true)}
          >
            Abort
          </Button>
        )}
      </div>
      <div className="flex flex-wrap gap-x-4 gap-y-1 text-muted">
        <CopyableId id={job.id} />
        <span>
          asked for by {job.creator.name} <Ago at={job.createdAt} />
        </span>
        {job.mode !== null && <span>{job.mode === "DRAIN" ? "running tasks end first" : "at once"}</span>}
      </div>
      <p className="mt-1">“{job.reason}”</p>
      <AbortDialog jobId={job.id} open={aborting} onClose={() => setAborting(false)} />
    </div>
  );
}
