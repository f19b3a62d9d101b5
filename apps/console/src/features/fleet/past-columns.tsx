"use client";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { CopyableId } from "#components/copyable-id.tsx";
import { columnsOf } from "#components/table/columns.ts";
import { RowLink } from "#components/table/row-link.tsx";
import { durationText, exactText } from "#components/time.tsx";
import { agentNow } from "#features/fleet/agent-cells.tsx";
import { DefinitionCell } from "#features/fleet/definition-cell.tsx";
import { AgentRowFragment } from "#features/fleet/fleet-agent.ts";
import type { PastRow } from "#features/fleet/past-row.ts";
import { AgentStateBadge } from "#lifecycles/state-badge.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const column = columnsOf<PastRow>();
/** What an agent's page shows before and after the moment that a row leads to. */
const AROUND_MS = 15 * 60_000;

/** The agent's page, at the time around a moment. */
export function aroundHref(project: ProjectRoute, agent: string, at: string): string {
  const moment = Date.parse(at);
  const iso = (time: number) => new Date(time).toISOString();
  return routes.agent(project, agent, { from: iso(moment - AROUND_MS), to: iso(moment + AROUND_MS) });
}

/** What the table shows of an agent as it was. */
export function pastColumns(project: ProjectRoute) {
  return column.columns([
    column.display({
      id: "state",
      meta: { name: "State then", wide: "w-36", narrow: "order-2 text-right" },
      cell: ({ row: { original } }) => <AgentStateBadge state={original.state} />,
    }),
    column.display({
      id: "name",
      meta: { name: "Agent", wide: "w-[22%]", narrow: "order-1", fixed: true },
      cell: ({ row: { original } }) => (
        <>
          <RowLink href={aroundHref(project, original.id, original.at)}>{agentNow(original.agent).name}</RowLink>
          <CopyableId id={original.id} short />
        </>
      ),
    }),
    column.display({
      id: "definition",
      meta: { name: "Definition now", narrow: "order-3 col-span-2" },
      cell: ({ row: { original } }) => <DefinitionCell agent={readFragment(AgentRowFragment, original.agent)} />,
    }),
    column.display({
      id: "since",
      meta: { name: "For, then", wide: "w-32 text-right whitespace-nowrap text-muted", narrow: "order-4 text-muted" },
      cell: ({ row: { original } }) => <Stayed row={original} />,
    }),
    column.display({
      id: "now",
      meta: { name: "State now", wide: "w-40", narrow: "order-5 text-right" },
      cell: ({ row: { original } }) => <StateNow row={original} />,
    }),
  ]);
}

function Stayed({ row: { since, at } }: { readonly row: PastRow }) {
  const stayed = Math.max(0, Date.parse(at) - Date.parse(since));
  return (
    <time dateTime={since} title={`Since ${exactText(since)}`} className="tabular-nums">
      <span className="@4xl:hidden">For </span>
      {stayed < 1_000 ? "0 s" : durationText(stayed)}
    </time>
  );
}

function StateNow({ row }: { readonly row: PastRow }) {
  const { state } = agentNow(row.agent);
  if (state === row.state) return <span className="text-faint">the same</span>;
  return (
    <>
      <span className="text-muted @4xl:hidden">Now </span>
      <AgentStateBadge state={state} quiet />
    </>
  );
}
