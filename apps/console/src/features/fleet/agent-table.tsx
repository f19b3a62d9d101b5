"use client";
import Link from "next/link";
import { type ReactNode, useMemo } from "react";
import { Table } from "#components/table/table.tsx";
import { columnsIn } from "#components/table/columns.ts";
import type { TableOrder } from "#components/table/table-order.ts";
import type { TableSelection } from "#components/table/use-selection.ts";
import { numberText } from "#components/number-text.ts";
import type { agentColumns } from "#features/fleet/agent-columns.tsx";
import { agentNow, type FleetRow } from "#features/fleet/agent-cells.tsx";
import { ActivityContext, useFleetActivity } from "#features/fleet/use-fleet-activity.ts";
import { useSight } from "#live/use-sight.ts";
import type { RowList } from "#live/use-live-list.ts";
import { type ProjectRoute, routes } from "#routes.ts";

interface AgentTableProps {
  readonly project: ProjectRoute;
  readonly columns: ReturnType<typeof agentColumns>;
  /** What the address says about the columns. */
  readonly chosenColumns: string | undefined;
  readonly list: RowList<FleetRow>;
  /** Shown first, under a heading of their own. */
  readonly attention: readonly FleetRow[];
  /** How many need somebody: more than the first ones are not shown there. */
  readonly troubled: number;
  readonly order: TableOrder;
  readonly onOrder: (order: TableOrder) => void;
  readonly selection?: TableSelection | undefined;
}

const TROUBLE = ["ERROR", "UNRESPONSIVE"];
const nameOf = (row: FleetRow) => agentNow(row).name;

/** The fleet's agents, those that need somebody first. */
export function AgentTable(props: AgentTableProps) {
  const { project, columns, chosenColumns, attention, troubled, order, onOrder, selection } = props;
  const list = useWithout(props.list, attention);
  const sight = useSight(list);
  const activity = useFleetActivity(project, [...attention.map(({ id }) => id), ...sight.ids]);
  const shown = useMemo(() => columnsIn(columns, chosenColumns), [columns, chosenColumns]);
  const groups = useMemo(
    () => [
      {
        key: "attention",
        heading: <AttentionHeading project={project} shown={attention.length} troubled={troubled} />,
        rows: attention,
      },
    ],
    [project, attention, troubled],
  );
  return (
    <ActivityContext value={activity}>
      <Table
        label="Agents"
        columns={columns}
        shown={shown}
        list={sight.list}
        groups={groups}
        othersHeading="All others"
        rowHeight={57}
        cardHeight={196}
        nameOf={nameOf}
        order={order}
        onOrder={onOrder}
        {...(selection && { selection })}
      />
    </ActivityContext>
  );
}

interface AttentionHeadingProps {
  readonly project: ProjectRoute;
  readonly shown: number;
  readonly troubled: number;
}

function AttentionHeading({ project, shown, troubled }: AttentionHeadingProps): ReactNode {
  if (troubled <= shown) return "Needs attention";
  return (
    <>
      Needs attention: the latest {shown} of {numberText(troubled)}.{" "}
      <Link href={routes.fleet(project, { state: TROUBLE })} className="text-accent underline">
        Show all
      </Link>
    </>
  );
}

/** The list without the rows that stand above it. */
function useWithout(list: RowList<FleetRow>, above: readonly FleetRow[]): RowList<FleetRow> {
  return useMemo(() => {
    if (above.length === 0) return list;
    const ids = new Set(above.map(({ id }) => id));
    const rows = list.rows.filter(({ id }) => !ids.has(id));
    // Those that are not loaded yet are somewhere below.
    const total = rows.length === list.rows.length ? list.total : list.total - (list.rows.length - rows.length);
    return { ...list, rows, total };
  }, [list, above]);
}
