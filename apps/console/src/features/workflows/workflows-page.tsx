"use client";
import { useSearchParams } from "next/navigation";
import { useRef } from "react";
import { Card } from "#components/card.tsx";
import { ListFoot } from "#components/list-foot.tsx";
import { ListHead } from "#components/list-head.tsx";
import { QueryState } from "#components/query-state.tsx";
import { useLatest } from "#components/use-latest.ts";
import { useLinkKeys } from "#components/use-link-keys.ts";
import { EmptyWorkflows } from "#features/workflows/empty-workflows.tsx";
import { useWorkflows } from "#features/workflows/use-workflows.ts";
import { WorkflowRow } from "#features/workflows/workflow-row.tsx";
import { viewOf, workflowsFilter } from "#features/workflows/workflows-view.ts";
import { WorkflowsToolbar } from "#features/workflows/workflows-toolbar.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

/** Each with what narrow windows do with it. */
const COLUMNS = [
  ["State", ""],
  ["Workflow", ""],
  ["Progress", ""],
  ["Created by", "hidden lg:table-cell"],
  ["Took", "hidden text-right md:table-cell"],
  ["Created", "hidden text-right sm:table-cell"],
] as const;

/** The project's workflows: which run, how far they are, and how the others ended. */
export function WorkflowsPage({ project }: { readonly project: ProjectRoute }) {
  const filter = workflowsFilter(useSearchParams());
  const { data, error } = useWorkflows(project, filter);
  const shown = useLatest(data, data !== undefined);
  const table = useRef<HTMLTableElement>(null);
  useLinkKeys(table);
  const filtered = filter.states.length > 0 || filter.search !== "";
  return (
    <div className="grid grid-cols-1 gap-4">
      <h1 className="text-xl font-semibold tracking-tight">Workflows</h1>
      <WorkflowsToolbar
        filter={filter}
        onChange={(changed) => window.history.replaceState(null, "", routes.workflows(project, viewOf(changed)))}
      />
      <QueryState data={shown} error={error}>
        {({ project: found }) => {
          if (!found) return null;
          const { edges } = found.workflows;
          return (
            <>
              <Card className="overflow-x-auto" aria-busy={data === undefined}>
                {edges.length === 0 ? (
                  <EmptyWorkflows filtered={filtered} />
                ) : (
                  <table ref={table} className="w-full text-left">
                    <ListHead columns={COLUMNS} tight />
                    <tbody>
                      {edges.map(({ node }) => (
                        <WorkflowRow key={node.id} project={project} workflow={node} />
                      ))}
                    </tbody>
                  </table>
                )}
              </Card>
              {edges.length > 0 && (
                <ListFoot
                  one="workflow"
                  list={found.workflows}
                  hrefOf={(page) => routes.workflows(project, viewOf({ ...filter, ...page }))}
                />
              )}
            </>
          );
        }}
      </QueryState>
    </div>
  );
}
