"use client";
import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { useMemo, useState } from "react";
import { usePermissions } from "#api/use-permissions.ts";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { numberText } from "#components/number-text.ts";
import { QueryState } from "#components/query-state.tsx";
import { columnsAddress, columnsIn } from "#components/table/columns.ts";
import { ColumnsMenu } from "#components/table/columns-menu.tsx";
import { Table } from "#components/table/table.tsx";
import { CONTEXT_COLUMNS, contextName, ContextsList } from "#features/contexts/context-columns.tsx";
import { contextsFilter, type ContextsFilter, isNarrowed, viewOf } from "#features/contexts/contexts-filter.ts";
import { ContextsToolbar } from "#features/contexts/contexts-toolbar.tsx";
import { useContextDetails } from "#features/contexts/use-context-details.ts";
import { useContexts } from "#features/contexts/use-contexts.ts";
import { type ProjectRoute, routes } from "#routes.ts";

const OpenDialog = dynamic(() => import("#features/contexts/open-dialog.tsx").then((module) => module.OpenDialog));

/** What the project's agents know: each context, whose it is, and what has become of it last. */
export function ContextsPage({ project }: { readonly project: ProjectRoute }) {
  const filter = contextsFilter(useSearchParams());
  const { data, list: all, settled, error } = useContexts(project, filter);
  const { list, details } = useContextDetails(all);
  const [opening, setOpening] = useState(false);
  const shown = useMemo(() => columnsIn(CONTEXT_COLUMNS, filter.columns), [filter.columns]);
  const forCells = useMemo(() => ({ project, details }), [project, details]);
  const change = (changed: ContextsFilter) =>
    window.history.replaceState(null, "", routes.contexts(project, viewOf(changed)));
  const mayOpen = usePermissions(project)?.includes("context.write") ?? false;
  return (
    <div className="grid grid-cols-1 gap-4">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-2">
        <h1 className="text-xl font-semibold tracking-tight">Contexts</h1>
        <span className="grow text-muted tabular-nums">{data && countText(list.total, list.totalIsCapped)}</span>
        <Button
          look="primary"
          disabled={!mayOpen}
          title={mayOpen || !data ? undefined : "You need the permission context.write."}
          onClick={() => setOpening(true)}
        >
          Open a context
        </Button>
      </div>
      <div className="flex flex-wrap items-start justify-between gap-2">
        <ContextsToolbar project={project} filter={filter} onChange={change} />
        <ColumnsMenu
          columns={CONTEXT_COLUMNS}
          shown={shown}
          onChange={(ids) => change({ ...filter, columns: columnsAddress(CONTEXT_COLUMNS, ids) })}
        />
      </div>
      <QueryState data={data} error={error}>
        {({ project: found }) => (
          <div aria-busy={!settled}>
            {list.total === 0 ? (
              <Card>
                <NoContext narrowed={isNarrowed(filter)} />
              </Card>
            ) : (
              <ContextsList value={forCells}>
                <Table
                  label="Contexts"
                  columns={CONTEXT_COLUMNS}
                  shown={shown}
                  list={list}
                  rowHeight={41}
                  cardHeight={122}
                  nameOf={contextName}
                />
              </ContextsList>
            )}
            {opening && found && (
              <OpenDialog project={project} projectId={found.id} onClose={() => setOpening(false)} />
            )}
          </div>
        )}
      </QueryState>
    </div>
  );
}

function countText(count: number, capped: boolean): string {
  if (capped) return `more than ${numberText(count)}`;
  return numberText(count);
}

function NoContext({ narrowed }: { readonly narrowed: boolean }) {
  if (narrowed) return <Empty title="No context is like that">Change the search, or show all of them.</Empty>;
  return (
    <Empty title="There is no context yet">
      A context is what agents remember, with every version of it. One comes to be when an agent opens it by name, with{" "}
      <code className="font-mono text-sm">contexts.open("plan")</code>, through the API with{" "}
      <code className="font-mono text-sm">openContext</code>, or from here.
    </Empty>
  );
}
