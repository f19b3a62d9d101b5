"use client";
import { useSearchParams } from "next/navigation";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { Pager } from "#components/pager.tsx";
import { QueryState } from "#components/query-state.tsx";
import { ContextRow } from "#features/contexts/context-row.tsx";
import { contextsFilter, type ContextsFilter, viewOf } from "#features/contexts/contexts-filter.ts";
import { ContextsToolbar } from "#features/contexts/contexts-toolbar.tsx";
import { useContexts } from "#features/contexts/use-contexts.ts";
import { useLatest } from "#components/use-latest.ts";
import { type ProjectRoute, routes } from "#routes.ts";

const COLUMNS = ["Name", "Whose", "Version", "Rollback", "Last written"] as const;

/** What the project's agents know: each context, whose it is, and what has become of it last. */
export function ContextsPage({ project }: { readonly project: ProjectRoute }) {
  const filter = contextsFilter(useSearchParams());
  const { data, error } = useContexts(project, filter);
  const shown = useLatest(data, data !== undefined);
  const hrefOf = (changed: ContextsFilter) => routes.contexts(project, viewOf(changed));
  const narrowed = filter.search !== "" || filter.rollback !== "all";
  return (
    <div className="grid grid-cols-1 gap-4">
      <h1 className="text-xl font-semibold tracking-tight">Contexts</h1>
      <ContextsToolbar filter={filter} onChange={(changed) => window.history.replaceState(null, "", hrefOf(changed))} />
      <QueryState data={shown} error={error}>
        {({ project: found }) => {
          if (!found) return null;
          const { edges, pageInfo, totalCount, totalIsCapped } = found.contexts;
          return (
            <>
              <Card className="overflow-x-auto" aria-busy={data === undefined}>
                {edges.length === 0 ? (
                  <NoContext narrowed={narrowed} />
                ) : (
                  <table className="w-full text-left">
                    <thead>
                      <tr>
                        {COLUMNS.map((name) => (
                          <th
                            key={name}
                            scope="col"
                            className={`px-4 py-2 text-sm font-medium text-faint ${name === "Version" ? "text-right" : ""}`}
                          >
                            {name}
                          </th>
                        ))}
                      </tr>
                    </thead>
                    <tbody>
                      {edges.map(({ node }) => (
                        <ContextRow key={node.id} project={project} context={node} />
                      ))}
                    </tbody>
                  </table>
                )}
              </Card>
              <div className="flex items-center justify-between gap-4 text-muted">
                <span className="tabular-nums">{edges.length > 0 && countText(totalCount, totalIsCapped)}</span>
                <Pager
                  previous={
                    pageInfo.hasPreviousPage
                      ? hrefOf({ ...filter, after: undefined, before: pageInfo.startCursor ?? undefined })
                      : undefined
                  }
                  next={
                    pageInfo.hasNextPage
                      ? hrefOf({ ...filter, before: undefined, after: pageInfo.endCursor ?? undefined })
                      : undefined
                  }
                />
              </div>
            </>
          );
        }}
      </QueryState>
    </div>
  );
}

function countText(count: number, capped: boolean): string {
  if (capped) return `more than ${count.toLocaleString("en")} contexts`;
  return count === 1 ? "1 context" : `${count.toLocaleString("en")} contexts`;
}

function NoContext({ narrowed }: { readonly narrowed: boolean }) {
  if (narrowed) return <Empty title="No context is like that">Change the search, or show all of them.</Empty>;
  return (
    <Empty title="There is no context yet">
      A context is what agents remember, with every version of it. One comes to be when an agent opens it by name, with{" "}
      <code className="font-mono text-sm">contexts.open("plan")</code>, or through the API with{" "}
      <code className="font-mono text-sm">openContext</code>.
    </Empty>
  );
}
