"use client";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import { columnsOf } from "#components/table/columns.ts";
import { RowLink } from "#components/table/row-link.tsx";
import { Clock } from "#components/time.tsx";
import { aroundHref } from "#features/fleet/past-columns.tsx";
import { AgentStateBadge } from "#lifecycles/state-badge.tsx";
import { type ProjectRoute, routes } from "#routes.ts";

const ChangeFragment = graphql(`
  fragment FleetChangeRow on FleetChange {
    agent {
      id
      name
    }
    stateBefore
    stateAfter
    transitions
    lastEventId
    lastAt
    lastReason
  }
`);

export type ChangeRow = { readonly id: string } & FragmentType<typeof ChangeFragment>;

export function nameOfChange(row: ChangeRow): string {
  return readFragment(ChangeFragment, row).agent.name;
}

const column = columnsOf<ChangeRow>();

/** What is told of an agent that changed between two moments. */
export function changeColumns(project: ProjectRoute) {
  return column.columns([
    column.display({
      id: "name",
      meta: { name: "Agent", wide: "w-[20%]", narrow: "order-1" },
      cell: ({ row: { original } }) => {
        const { agent, lastAt } = readFragment(ChangeFragment, original);
        return (
          <RowLink href={lastAt === null ? routes.agent(project, agent.id) : aroundHref(project, agent.id, lastAt)}>
            {agent.name}
          </RowLink>
        );
      },
    }),
    column.display({
      id: "states",
      meta: { name: "Before → after", wide: "w-72", narrow: "order-2 col-span-2" },
      cell: ({ row: { original } }) => <States row={original} />,
    }),
    column.display({
      id: "transitions",
      meta: {
        name: "Moves",
        wide: "w-20 text-right text-muted tabular-nums",
        narrow: "order-3 text-muted tabular-nums",
      },
      cell: ({ row: { original } }) => (
        <>
          <span className="@4xl:hidden">Moves </span>
          {readFragment(ChangeFragment, original).transitions}
        </>
      ),
    }),
    column.display({
      id: "reason",
      meta: { name: "Last reason", narrow: "order-5 col-span-2 @max-4xl:empty:hidden" },
      cell: ({ row: { original } }) => {
        const { lastReason } = readFragment(ChangeFragment, original);
        return lastReason === null ? null : (
          <div className="truncate text-muted" title={lastReason}>
            “{lastReason}”
          </div>
        );
      },
    }),
    column.display({
      id: "at",
      meta: { name: "Last move", wide: "w-32 text-right text-muted", narrow: "order-4 text-right text-muted" },
      cell: ({ row: { original } }) => <LastMove project={project} row={original} />,
    }),
  ]);
}

function States({ row }: { readonly row: ChangeRow }) {
  const { stateBefore, stateAfter } = readFragment(ChangeFragment, row);
  if (stateBefore === stateAfter) {
    return (
      <span className="text-muted">
        <AgentStateBadge state={stateAfter} quiet /> again
      </span>
    );
  }
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2">
      {stateBefore === null ? (
        <span className="text-faint">not there yet</span>
      ) : (
        <AgentStateBadge state={stateBefore} quiet />
      )}
      <span aria-hidden className="text-faint">
        →
      </span>
      <span className="sr-only">then</span>
      <AgentStateBadge state={stateAfter} />
    </span>
  );
}

/** When it moved last, and the way to that event. */
function LastMove({ project, row }: { readonly project: ProjectRoute; readonly row: ChangeRow }) {
  const { agent, lastAt, lastEventId } = readFragment(ChangeFragment, row);
  if (lastAt === null) return null;
  if (lastEventId === null) return <Clock at={lastAt} />;
  return (
    <a href={routes.agent(project, agent.id, { event: lastEventId })} className="hover:underline">
      <Clock at={lastAt} />
    </a>
  );
}
