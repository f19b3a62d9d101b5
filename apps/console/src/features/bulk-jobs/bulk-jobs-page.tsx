"use client";
import { useSearchParams } from "next/navigation";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { numberText } from "#components/number-text.ts";
import { Pager } from "#components/pager.tsx";
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
  const params = useSearchParams();
  const view = { after: params.get("after") ?? undefined, before: params.get("before") ?? undefined };
  const { data, error } = useBulkJobs(project, view);
  const shown = useLatest(data, data !== undefined);
  return (
    <div className="grid grid-cols-1 gap-4">
      <h1 className="text-xl font-semibold tracking-tight">Bulk jobs</h1>
      <QueryState data={shown} error={error}>
        {({ project: found }) => {
          if (!found) return null;
          const { edges, pageInfo, totalCount, totalIsCapped } = found.bulkJobs;
          const hrefOf = (cursors: typeof view) => routes.bulkJobs(project, cursors);
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
                    <thead>
                      <tr>
                        {COLUMNS.map(([name, look]) => (
                          <th
                            key={name}
                            scope="col"
                            className={`px-4 py-2 text-sm font-medium whitespace-nowrap text-faint ${look}`}
                          >
                            {name}
                          </th>
                        ))}
                      </tr>
                    </thead>
                    <tbody>
                      {edges.map(({ node }) => (
                        <BulkJobRow key={node.id} project={project} job={node} />
                      ))}
                    </tbody>
                  </table>
                )}
              </Card>
              {edges.length > 0 && (
                <div className="flex items-center justify-between gap-4 text-muted">
                  <span className="tabular-nums">
                    {totalCount === 1 ? "1 bulk job" : `${numberText(totalCount)}${totalIsCapped ? "+" : ""} bulk jobs`}
                  </span>
                  <Pager
                    previous={
                      pageInfo.hasPreviousPage
                        ? hrefOf({ before: pageInfo.startCursor ?? undefined, after: undefined })
                        : undefined
                    }
                    next={
                      pageInfo.hasNextPage
                        ? hrefOf({ after: pageInfo.endCursor ?? undefined, before: undefined })
                        : undefined
                    }
                  />
                </div>
              )}
            </>
          );
        }}
      </QueryState>
    </div>
  );
}
