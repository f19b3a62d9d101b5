"use client";
import { FlexRender, type Row as ModelRow } from "@tanstack/react-table";
import { memo } from "react";
import type { TableRow, tableParts } from "#components/table/columns.ts";
import { RowCheckbox } from "#components/table/row-checkbox.tsx";

interface TableBodyRowProps<Row extends TableRow> {
  readonly index: number;
  readonly row: ModelRow<typeof tableParts, Row>;
  /** What the row shows: as long as it is the same, nothing is drawn anew. */
  readonly original: Row;
  readonly shown: readonly string[];
  readonly name: string;
  readonly height: number;
  /** Whether it is a row, and not a card. */
  readonly wide: boolean;
  readonly selected: boolean | undefined;
  readonly onToggle: ((id: string, range: boolean) => void) | undefined;
  /** Undefined when its height is known. */
  readonly measure: ((element: HTMLTableRowElement | null) => void) | undefined;
}

/** A row; on a narrow screen a card. */
function BodyRow<Row extends TableRow>(props: TableBodyRowProps<Row>) {
  const { index, row, original, name, height, wide, selected, onToggle, measure } = props;
  return (
    <tr
      ref={measure}
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={`relative grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-2 border-b border-line px-4 py-3 last:border-b-0 focus-within:bg-accent-soft aria-selected:bg-accent-soft @4xl:table-row @4xl:h-(--row) @4xl:hover:bg-page @4xl:focus-within:bg-accent-soft @4xl:aria-selected:bg-accent-soft [&>td]:min-w-0 @4xl:[&:not(:last-child)>td]:border-b @4xl:[&>td]:border-line @4xl:[&>td]:px-3 @4xl:[&>td]:py-2 @4xl:[&>td]:align-middle ${onToggle ? "pl-11" : ""}`}
      style={{ "--row": `${height}px` } as object}
    >
      {onToggle && (
        <td className="absolute top-3 left-4 @4xl:static @4xl:pr-0!">
          <RowCheckbox
            label={`Select ${name}`}
            checked={selected ?? false}
            onToggle={(range) => onToggle(original.id, range)}
          />
        </td>
      )}
      {row.getVisibleCells().map((cell) => {
        const { meta } = cell.column.columnDef;
        return (
          <td key={cell.id} className={wide ? meta?.wide : (meta?.narrow ?? "col-span-2")}>
            <FlexRender cell={cell} />
          </td>
        );
      })}
    </tr>
  );
}

export const TableBodyRow = memo(
  BodyRow,
  (before, now) =>
    before.original === now.original &&
    before.index === now.index &&
    before.shown === now.shown &&
    before.selected === now.selected &&
    before.onToggle === now.onToggle &&
    before.height === now.height &&
    before.wide === now.wide,
) as typeof BodyRow;
