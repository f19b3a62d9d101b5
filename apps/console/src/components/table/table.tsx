"use client";
import { useTable } from "@tanstack/react-table";
import { type ReactNode, useMemo, useRef } from "react";
import { Card } from "#components/card.tsx";
import { type ColumnMeta, type TableColumn, tableParts, type TableRow } from "#components/table/columns.ts";
import { GroupHeading, MissingRow } from "#components/table/other-rows.tsx";
import { TableBodyRow } from "#components/table/table-body-row.tsx";
import { TableHeader } from "#components/table/table-header.tsx";
import { type RowGroup, tableLines } from "#components/table/table-lines.ts";
import type { TableOrder } from "#components/table/table-order.ts";
import { useKeptPlace } from "#components/table/use-kept-place.ts";
import type { TableSelection } from "#components/table/use-selection.ts";
import { useTableKeys } from "#components/table/use-table-keys.ts";
import { useTableWindow } from "#components/table/use-table-window.ts";
import type { RowList } from "#live/use-live-list.ts";

interface TableProps<Row extends TableRow> {
  /** What it lists: "Agents". */
  readonly label: string;
  /** Made once, outside of components, with `columnsOf`. */
  readonly columns: readonly TableColumn<Row>[];
  /** The ids of those to show, in their order: see `columnsIn`. */
  readonly shown: readonly string[];
  readonly list: Pick<RowList<Row>, "rows" | "total" | "key" | "show" | "hold">;
  /** Rows of their own before all others, such as those that need somebody. */
  readonly groups?: readonly RowGroup<Row, ReactNode>[];
  /** Above all others, when there are groups before them. */
  readonly othersHeading?: ReactNode;
  /** Pixels of a row when it is wide, and about as many when it is a card. */
  readonly rowHeight: number;
  readonly cardHeight: number;
  /** What a row is called, for those who cannot see it. */
  readonly nameOf: (row: Row) => string;
  readonly order?: TableOrder;
  readonly onOrder?: (order: TableOrder) => void;
  readonly selection?: TableSelection;
}

const NO_GROUPS: readonly never[] = [];

/**
 * A table of any length, of which about fifty rows are in the document; on a narrow screen a list of cards. The keys j and k
 * go from row to row, Enter opens one, x chooses it and Shift with x all up to it.
 */
export function Table<Row extends TableRow>(props: TableProps<Row>) {
  const { label, columns, shown, list, groups = NO_GROUPS, othersHeading, nameOf, selection } = props;
  const lines = useMemo(() => tableLines(groups, othersHeading, list), [groups, othersHeading, list]);
  const table = useRef<HTMLTableElement>(null);
  const { virtualizer, items, before, after, wide } = useTableWindow({
    table,
    lines,
    list,
    rowHeight: props.rowHeight,
    cardHeight: props.cardHeight,
  });
  useKeptPlace(table, virtualizer, lines, list.key);
  useTableKeys(table, virtualizer, lines, selection);
  const visible = items.map(({ index }) => lines.at(index));
  const rows = useSame(visible.flatMap((line) => (line.kind === "row" ? [line.row] : [])));
  const columnVisibility = useMemo(
    () => Object.fromEntries(columns.flatMap(({ id }) => (id === undefined ? [] : [[id, shown.includes(id)]]))),
    [columns, shown],
  );
  const model = useTable({
    features: tableParts,
    columns,
    data: rows,
    getRowId: ({ id }) => id,
    state: { columnVisibility, columnOrder: [...shown] },
  });
  const { rowsById } = model.getRowModel();
  const width = shown.length + (selection ? 1 : 0);
  return (
    <Card className="@container overflow-clip">
      <table
        ref={table}
        aria-label={label}
        aria-rowcount={lines.count + 1}
        onPointerMove={list.hold}
        className="block w-full border-separate border-spacing-0 [overflow-anchor:none] @4xl:table @4xl:table-fixed"
      >
        <TableHeader
          columns={model
            .getVisibleLeafColumns()
            .map(({ id, columnDef: { meta } }) => ({ id, meta: meta as ColumnMeta }))}
          order={props.order}
          onOrder={props.onOrder}
          selection={selection}
        />
        <Space height={before} />
        <tbody className="block @4xl:table-row-group">
          {items.map(({ index }, place) => {
            const line = visible[place];
            if (!line) return null;
            const { key } = line;
            // Rows of a table are all of one height; cards are measured.
            const common = { index, measure: wide ? undefined : virtualizer.measureElement };
            if (line.kind === "heading") {
              return (
                <GroupHeading key={key} {...common} width={width}>
                  {line.heading}
                </GroupHeading>
              );
            }
            const row = line.kind === "row" ? rowsById[line.row.id] : undefined;
            if (line.kind !== "row" || !row) {
              return <MissingRow key={key} {...common} width={width} height={props.rowHeight} />;
            }
            return (
              <TableBodyRow
                key={key}
                {...common}
                row={row}
                original={line.row}
                shown={shown}
                name={nameOf(line.row)}
                height={props.rowHeight}
                wide={wide}
                selected={selection?.has(line.row.id)}
                onToggle={selection?.toggle}
              />
            );
          })}
        </tbody>
        <Space height={after} />
      </table>
    </Card>
  );
}

/** Stands for the rows that are not in the document. */
function Space({ height }: { readonly height: number }) {
  return (
    <tbody aria-hidden className="block @4xl:table-row-group">
      <tr className="block @4xl:table-row" style={{ height }} />
    </tbody>
  );
}

/** The array of the last time, when it holds the same. */
function useSame<Value>(values: readonly Value[]): readonly Value[] {
  const last = useRef(values);
  const same = last.current.length === values.length && last.current.every((value, index) => value === values[index]);
  if (!same) last.current = values;
  return last.current;
}
