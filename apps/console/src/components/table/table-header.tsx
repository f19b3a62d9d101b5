"use client";
import type { ColumnMeta } from "#components/table/columns.ts";
import { RowCheckbox } from "#components/table/row-checkbox.tsx";
import { pressedOrder, type TableOrder } from "#components/table/table-order.ts";
import type { TableSelection } from "#components/table/use-selection.ts";

interface TableHeaderProps {
  readonly columns: readonly { readonly id: string; readonly meta: ColumnMeta }[];
  readonly order?: TableOrder | undefined;
  readonly onOrder?: ((order: TableOrder) => void) | undefined;
  readonly selection?: TableSelection | undefined;
}

const CELL =
  "sticky top-(--table-top,0px) z-10 h-[37px] border-b border-line bg-surface px-3 py-2 text-sm font-medium text-faint";

/** The names of the columns; those that the list can be ordered by are buttons. Stays in sight while the rows are scrolled. */
export function TableHeader({ columns, order, onOrder, selection }: TableHeaderProps) {
  return (
    <thead className="sr-only @4xl:not-sr-only @4xl:table-header-group">
      <tr aria-rowindex={1}>
        {selection && (
          <th scope="col" className={`${CELL} w-9 pr-0`}>
            <RowCheckbox
              label="Select all loaded rows"
              checked={selection.loaded === "all"}
              mixed={selection.loaded === "some"}
              onToggle={selection.toggleLoaded}
            />
          </th>
        )}
        {columns.map(({ id, meta }) => {
          const { name, wide = "", orderBy, descendingFirst = false } = meta;
          const ordered = orderBy !== undefined && order?.by === orderBy;
          return (
            <th
              key={id}
              scope="col"
              aria-sort={ordered ? (order.descending ? "descending" : "ascending") : undefined}
              className={`${CELL} text-left ${wide}`}
            >
              {orderBy !== undefined && order && onOrder ? (
                <button
                  type="button"
                  title={`Order by ${name.toLowerCase()}`}
                  onClick={() => onOrder(pressedOrder(order, orderBy, descendingFirst))}
                  className={`-mx-1 rounded-sm px-1 hover:text-ink ${ordered ? "text-ink" : ""}`}
                >
                  {name}
                  <span aria-hidden className="inline-block w-3 text-right">
                    {ordered && (order.descending ? "↓" : "↑")}
                  </span>
                </button>
              ) : (
                name
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
