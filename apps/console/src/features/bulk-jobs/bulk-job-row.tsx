"use client";
import Link from "next/link";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { bulkTitle } from "#bulk/bulk-request.ts";
import { JobBar } from "#bulk/job-bar.tsx";
import { jobSubject } from "#bulk/job-subject.ts";
import { JOB_STATES } from "#bulk/job-states.tsx";
import { numberText } from "#components/number-text.ts";
import { Ago } from "#components/time.tsx";
import { StateBadge } from "#lifecycles/state-badge.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const RowFragment = graphql(`
  fragment BulkJobRow on BulkJob {
    id
    kind
    action
    state
    reason
    total
    succeeded
    skipped
    failed
    started
    pending
    createdAt
    creator {
      kind
      id
      name
    }
  }
`);

interface BulkJobRowProps {
  readonly project: ProjectRoute;
  readonly job: FragmentType<typeof RowFragment>;
}

/** One bulk job in the list: what it does, how far it is, who wanted it and why. */
export function BulkJobRow({ project, job: masked }: BulkJobRowProps) {
  const job = readFragment(RowFragment, masked);
  return (
    <tr className="relative border-t border-line hover:bg-sunken/50">
      <td className="px-4 py-2.5 align-top">
        <Link
          href={routes.bulkJob(project, job.id)}
          prefetch={false}
          className="font-[550] whitespace-nowrap after:absolute after:inset-0 hover:underline"
        >
          {bulkTitle(jobSubject(job), job.total)}
        </Link>
        <p className="max-w-96 truncate text-muted" title={job.reason}>
          {job.reason}
        </p>
      </td>
      <td className="px-4 py-2.5 align-top">
        <StateBadge look={JOB_STATES[job.state]} />
        {job.failed > 0 && (
          <p className="whitespace-nowrap text-danger tabular-nums">{numberText(job.failed)} did not end</p>
        )}
      </td>
      <td className="hidden w-56 px-4 py-2.5 align-top sm:table-cell">
        <div className="grid gap-1">
          <JobBar job={job} />
          <span className="text-sm text-faint tabular-nums">
            {numberText(job.succeeded + job.skipped + job.failed)} of {numberText(job.total)}
          </span>
        </div>
      </td>
      <td className="px-4 py-2.5 text-right align-top whitespace-nowrap text-muted">
        <Ago at={job.createdAt} />
        <p className="text-sm text-faint">{job.creator.name}</p>
      </td>
    </tr>
  );
}
