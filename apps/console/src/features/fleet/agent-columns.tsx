"use client";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { CopyableId } from "#components/copyable-id.tsx";
import { columnsOf } from "#components/table/columns.ts";
import { RowLink } from "#components/table/row-link.tsx";
import { Tag } from "#components/tag.tsx";
import { Ago, Elapsed } from "#components/time.tsx";
import { agentNow, DoingCell, type FleetRow, RibbonCell } from "#features/fleet/agent-cells.tsx";
import { DefinitionCell } from "#features/fleet/definition-cell.tsx";
import { AgentRowFragment } from "#features/fleet/fleet-agent.ts";
import { AgentStateBadge } from "#lifecycles/state-badge.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const column = columnsOf<FleetRow>();
const NUMBER = "text-right text-muted tabular-nums";

/** What the fleet's table can show of an agent. */
export function agentColumns(project: ProjectRoute) {
  return column.columns([
    column.display({
      id: "state",
      meta: { name: "State", wide: "w-36", narrow: "order-2 text-right" },
      cell: ({ row: { original } }) => <AgentStateBadge state={agentNow(original).state} />,
    }),
    column.display({
      id: "name",
      meta: { name: "Agent", wide: "w-[15%]", narrow: "order-1", orderBy: "name", fixed: true },
      cell: ({ row: { original } }) => (
        <>
          <RowLink href={routes.agent(project, original.id)}>{agentNow(original).name}</RowLink>
          <CopyableId id={original.id} short />
        </>
      ),
    }),
    column.display({
      id: "definition",
      meta: { name: "Definition", wide: "w-[18%]", narrow: "order-3 col-span-2" },
      cell: ({ row: { original } }) => <DefinitionCell agent={readFragment(AgentRowFragment, original)} />,
    }),
    column.display({
      id: "doing",
      meta: { name: "Doing", narrow: "order-4 col-span-2" },
      cell: ({ row: { original } }) => <DoingCell row={original} />,
    }),
    column.display({
      id: "ribbon",
      meta: { name: "Last 15 minutes", wide: "w-[15%]", narrow: "order-5 col-span-2" },
      cell: ({ row: { original } }) => <RibbonCell row={original} />,
    }),
    column.display({
      id: "labels",
      meta: { name: "Labels", wide: "w-32", narrow: "order-6 col-span-2", extra: true },
      cell: ({ row: { original } }) => <Labels row={original} />,
    }),
    column.display({
      id: "heartbeat",
      meta: { name: "Heartbeat", wide: `w-28 ${NUMBER}`, narrow: "order-6 text-muted", extra: true },
      cell: ({ row: { original } }) => <Heartbeat row={original} />,
    }),
    column.display({
      id: "errors",
      meta: { name: "Errors", wide: `w-18 ${NUMBER}`, narrow: "order-6 text-muted", extra: true },
      cell: ({ row: { original } }) => (
        <Labelled name="Errors">{readFragment(AgentRowFragment, original).errorCount}</Labelled>
      ),
    }),
    column.display({
      id: "registered",
      meta: {
        name: "Registered",
        wide: `w-32 whitespace-nowrap ${NUMBER}`,
        narrow: "order-6 text-muted",
        orderBy: "registered",
        descendingFirst: true,
        extra: true,
      },
      cell: ({ row: { original } }) => (
        <Labelled name="Registered">
          <Ago at={readFragment(AgentRowFragment, original).createdAt} />
        </Labelled>
      ),
    }),
    column.display({
      id: "load",
      meta: { name: "Load", wide: `w-16 ${NUMBER}`, narrow: "order-7 text-muted tabular-nums" },
      cell: ({ row: { original } }) => {
        const { activeTasks, maxConcurrency } = agentNow(original);
        return (
          <Labelled name="Load">
            {activeTasks}/{maxConcurrency}
          </Labelled>
        );
      },
    }),
    column.display({
      id: "since",
      meta: {
        name: "For",
        wide: `w-24 whitespace-nowrap ${NUMBER}`,
        narrow: "order-8 text-right whitespace-nowrap text-muted",
        orderBy: "since",
        descendingFirst: true,
      },
      cell: ({ row: { original } }) => (
        <Labelled name="For">
          <Elapsed since={agentNow(original).stateSince} />
        </Labelled>
      ),
    }),
  ]);
}

/** On a card, where no header says what it is, its name stands before it. */
function Labelled({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <>
      <span className="@4xl:hidden">{name} </span>
      {children}
    </>
  );
}

function Heartbeat({ row }: { readonly row: FleetRow }) {
  const { lastHeartbeatAt } = agentNow(row);
  return <Labelled name="Heartbeat">{lastHeartbeatAt === null ? "never" : <Ago at={lastHeartbeatAt} />}</Labelled>;
}

function Labels({ row }: { readonly row: FleetRow }) {
  const { labels } = readFragment(AgentRowFragment, row);
  return (
    <div className="flex max-h-10 flex-wrap gap-1 overflow-hidden">
      {Object.entries((labels ?? {}) as Readonly<Record<string, string>>).map(([name, value]) => (
        <Tag key={name}>
          {name}={value}
        </Tag>
      ))}
    </div>
  );
}
