"use client";
import { useSearchParams } from "next/navigation";
import { pageViewOf } from "#api/page-view.ts";
import { Card } from "#components/card.tsx";
import { ListFoot } from "#components/list-foot.tsx";
import { ListHead } from "#components/list-head.tsx";
import { Empty } from "#components/notice.tsx";
import { QueryState } from "#components/query-state.tsx";
import { useLatest } from "#components/use-latest.ts";
import { BulkJobRow } from "#features/bulk-jobs/bulk-job-row.tsx";
import { useBulkJobs } from "#features/bulk-jobs/use-bulk-jobs.ts";
import { type ProjectRoute, routes } from "#routes.ts";

/** Each with what a narrow window does with it. */
const COLUMNS = [
  ["Bulk job", ""],
  ["State", ""],
  ["Progress", "hidden sm:table-cell"],
  ["Asked for", "text-right"],
] as const;

/** What was done to many tasks or agents at once, the newest first. */
export function BulkJobsPage({ project }: { readonly project: ProjectRoute }) {
  const { data, error } = useBulkJobs(project, pageViewOf(useSearchParams()));
  const shown = useLatest(data, data !== undefined);
  return (
    <div className="grid grid-cols-1 gap-4">
      <h1 className="text-xl font-semibold tracking-tight">Bulk jobs</h1>
      <QueryState data={shown} error={error}>
        {({ project: found }) => {
          if (!found) return null;
          const { edges } = found.bulkJobs;
          return (
            <>
              <Card className="overflow-x-auto" aria-busy={data === undefined}>
                {edges.length === 0 ? (
                  <Empty title="Nothing was done to many at once yet">
                    Choose agents in the fleet or tasks in their list, then what to do with them: suspend a hundred
                    agents, cancel what a bug has queued, run again what has failed. Each becomes a job that says how
                    far it is and can be aborted.
                  </Empty>
                ) : (
                  <table className="w-full text-left">
                    <ListHead columns={COLUMNS} />
                    <tbody>
                      {edges.map(({ node }) => (
                        <BulkJobRow key={node.id} project={project} job={node} />
                      ))}
                    </tbody>
                  </table>
                )}
              </Card>
              {edges.length > 0 && (
                <ListFoot one="bulk job" list={found.bulkJobs} hrefOf={(page) => routes.bulkJobs(project, page)} />
              )}
            </>
          );
        }}
      </QueryState>
    </div>
  );
}
