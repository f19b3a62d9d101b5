"use client";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { readFragment } from "#api/generated/fragment-masking.ts";
import type { BulkJobOutcome } from "#api/generated/graphql.ts";
import { usePermissions } from "#api/use-permissions.ts";
import { JobProgress, JobProgressFragment } from "#bulk/job-progress.tsx";
import { bulkTitle } from "#bulk/bulk-request.ts";
import { jobSubject } from "#bulk/job-subject.ts";
import { jobSummary } from "#bulk/job-summary.ts";
import { OUTCOMES } from "#bulk/outcomes.tsx";
import { Card } from "#components/card.tsx";
import { NotFoundHere, Problem } from "#components/notice.tsx";
import { useNamedPage } from "#components/page-name.ts";
import { QueryState } from "#components/query-state.tsx";
import { useLatest } from "#components/use-latest.ts";
import { BulkJobHeader } from "#features/bulk-jobs/bulk-job-header.tsx";
import { ChosenBy } from "#features/bulk-jobs/chosen-by.tsx";
import { Targets } from "#features/bulk-jobs/targets.tsx";
import { useBulkJobPage } from "#features/bulk-jobs/use-bulk-job-page.ts";
import { projectPath, type ProjectRoute, routes } from "#routes.ts";

interface BulkJobPageProps {
  readonly project: ProjectRoute;
  readonly id: string;
}

/** One bulk job: how far it is, whom it was for, and what has become of each. */
export function BulkJobPage({ project, id }: BulkJobPageProps) {
  const permissions = usePermissions(project) ?? [];
  const params = useSearchParams();
  const asked = params.get("outcome") ?? "";
  const outcome = asked in OUTCOMES ? (asked as BulkJobOutcome) : null;
  const view = { outcome, after: params.get("after") ?? undefined, before: params.get("before") ?? undefined };
  const { data, error } = useBulkJobPage(id, view);
  const shown = useLatest(data, data !== undefined);
  const found = shown?.node?.__typename === "BulkJob" && shown.node.id === id ? shown.node : null;
  const job = readFragment(JobProgressFragment, found);
  const title = job && bulkTitle(jobSubject(job), job.total);
  useNamedPage(title);
  return (
    <QueryState data={shown} error={error}>
      {() => {
        if (!found || !job || found.project.path !== projectPath(project)) {
          return (
            <NotFoundHere what="bulk job" id={id} project={projectPath(project)} list={routes.bulkJobs(project)} />
          );
        }
        return (
          <div className="grid grid-cols-1 gap-4">
            <BulkJobHeader job={found} permissions={permissions} />
            {job.failed > 0 && (
              <Problem title={jobSummary({ ...job, state: "FAILED" })}>
                <Link
                  href={routes.bulkJob(project, id, { outcome: "FAILED" })}
                  prefetch={false}
                  className="text-accent underline"
                >
                  Show {job.failed === 1 ? "it" : "them"}
                </Link>
              </Problem>
            )}
            <Card className="grid gap-3 px-4 py-3.5">
              <JobProgress job={found} />
              {job.failed === 0 && <p className="text-muted">{jobSummary(job)}</p>}
              <ChosenBy job={found} />
            </Card>
            <Targets
              project={project}
              jobId={id}
              job={found}
              targets={found.targets}
              outcome={outcome}
              busy={data === undefined}
            />
          </div>
        );
      }}
    </QueryState>
  );
}
