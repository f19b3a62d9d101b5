"use client";
import dynamic from "next/dynamic";
import { useMemo } from "react";
import { usePermissions } from "#api/use-permissions.ts";
import { Card } from "#components/card.tsx";
import { Empty } from "#components/notice.tsx";
import { useLatest } from "#components/use-latest.ts";
import { QueryState } from "#components/query-state.tsx";
import { ColumnsMenu } from "#components/table/columns-menu.tsx";
import { columnsAddress, columnsIn } from "#components/table/columns.ts";
import { useSelection } from "#components/table/use-selection.ts";
import { agentNow, type FleetRow } from "#features/fleet/agent-cells.tsx";
import { agentColumns } from "#features/fleet/agent-columns.tsx";
import { AgentTable } from "#features/fleet/agent-table.tsx";
import { BulkActions } from "#features/fleet/bulk-actions.tsx";
import { EmptyFleet } from "#features/fleet/empty-fleet.tsx";
import { FleetHeader } from "#features/fleet/fleet-header.tsx";
import { FleetTools } from "#features/fleet/fleet-tools.tsx";
import { type FleetAddress, narrows, toggleState, viewOf } from "#features/fleet/fleet-view.ts";
import { StateCounts } from "#features/fleet/state-counts.tsx";
import { useFleet } from "#features/fleet/use-fleet.ts";
import { useFleetFilter } from "#features/fleet/use-fleet-filter.ts";
import { type ProjectRoute, routes } from "#routes.ts";
import { SavedViews } from "#views/saved-views.tsx";

const JustNow = dynamic(() => import("#features/fleet/just-now.tsx").then((loaded) => loaded.JustNow), { ssr: false });
// Whoever shows a fleet of any size as a table does not need it.
const StateGrid = dynamic(() => import("#features/fleet/state-grid.tsx").then((loaded) => loaded.StateGrid), {
  ssr: false,
});

interface PresentFleetProps {
  readonly project: ProjectRoute;
  readonly address: FleetAddress;
  readonly onChange: (change: Partial<FleetAddress>) => void;
}

const NONE: readonly never[] = [];
/** A fleet so small that its news is shown beneath it. */
const SMALL = 20;

function gridAgent(row: FleetRow) {
  const { id, name, state, stateSince } = agentNow(row);
  return { id, name, state, since: stateSince };
}

/** The fleet as it is now, live. */
export function PresentFleet({ project, address, onChange }: PresentFleetProps) {
  const { filter, problems } = useFleetFilter(address);
  const offersAttention = !narrows(address) && address.look === "table";
  const { data, list, settled, error } = useFleet(project, {
    filter,
    order: address.order,
    attention: offersAttention && address.attention,
    brief: address.look === "grid",
  });
  // What is loaded for the grid says too little for the table.
  const look = useLatest(address.look, settled);
  const columns = useMemo(() => agentColumns(project), [project]);
  const found = data?.project;
  const permissions = usePermissions(project);
  const may = (permission: string) => permissions?.includes(permission) === true;
  const chooses = may("agent.transition");
  const total = found?.all?.reduce((sum, { count }) => sum + count, 0);
  const attention = useMemo(() => found?.attention?.edges.map(({ node }) => node) ?? NONE, [found?.attention]);
  // What is chosen stays so when the same agents are shown as a grid, or as a table.
  const same = JSON.stringify([filter, address.order]);
  // A range of rows reaches from one to another as they stand on the screen: those that need somebody come first.
  const selection = useSelection(
    useMemo(() => {
      const rows = [...new Map([...attention, ...list.rows].map((row) => [row.id, row])).values()];
      return { rows, total: list.total, key: same };
    }, [list, attention, same]),
  );
  const troubled = countIn(found?.all, "ERROR") + countIn(found?.all, "UNRESPONSIVE");
  return (
    <>
      <FleetHeader project={project} total={total} address={address} onChange={onChange} />
      <QueryState data={data} error={error}>
        {() =>
          !found || total === 0 ? (
            <EmptyFleet project={project} />
          ) : (
            <>
              <StateCounts
                counts={found.agentCounts ?? NONE}
                chosen={address.state}
                onToggle={(state) => onChange(toggleState(address, state))}
              />
              <FleetTools
                address={address}
                onChange={onChange}
                problems={problems}
                matches={list}
                offersAttention={offersAttention && troubled > 0}
              >
                {address.look === "table" && (
                  <ColumnsMenu
                    columns={columns}
                    shown={columnsIn(columns, address.columns)}
                    onChange={(shown) => onChange({ columns: columnsAddress(columns, shown) })}
                  />
                )}
                <SavedViews
                  project={{ id: found.id, mayManage: may("view.manage") }}
                  screen="FLEET"
                  query={routes.fleet(project, viewOf(address)).split("?")[1] ?? ""}
                  hrefOf={(query) => `${routes.fleet(project)}${query === "" ? "" : `?${query}`}`}
                />
              </FleetTools>
              {list.total + attention.length > 0 && look === "grid" ? (
                <StateGrid
                  list={list}
                  agentOf={gridAgent}
                  hrefOf={(agent) => routes.agent(project, agent)}
                  selection={chooses ? selection : undefined}
                />
              ) : list.total + attention.length === 0 ? (
                <Card>
                  <Empty title="No agent matches now">
                    Look for another part of a name, or choose other states. An agent appears here as soon as it
                    matches.
                  </Empty>
                </Card>
              ) : (
                <AgentTable
                  project={project}
                  columns={columns}
                  chosenColumns={address.columns}
                  list={list}
                  attention={attention}
                  troubled={troubled}
                  order={address.order}
                  onOrder={(order) => onChange({ order })}
                  selection={chooses ? selection : undefined}
                />
              )}
              {chooses && (
                <BulkActions
                  project={project}
                  projectId={found.id}
                  selection={selection}
                  filter={filter}
                  total={list.total}
                  totalIsCapped={list.totalIsCapped}
                />
              )}
              {/* Below a longer list nobody would find it; the project's log has a page of its own. */}
              {total !== undefined && total <= SMALL && <JustNow project={project} />}
            </>
          )
        }
      </QueryState>
    </>
  );
}

function countIn(
  counts: readonly { readonly state: string; readonly count: number }[] | null | undefined,
  wanted: string,
): number {
  return counts?.find(({ state }) => state === wanted)?.count ?? 0;
}
