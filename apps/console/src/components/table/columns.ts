import {
  columnOrderingFeature,
  columnVisibilityFeature,
  createColumnHelper,
  metaHelper,
  tableFeatures,
} from "@tanstack/react-table";
import type { ColumnDef } from "@tanstack/react-table";

/** How a column looks, and what it can do. */
export interface ColumnMeta {
  /** For those who choose columns, and in the header. */
  readonly name: string;
  /** Classes of its cells and of its header when the table is wide: a width, an alignment. */
  readonly wide?: string;
  /** Classes of its cells on a narrow screen, where a row is a card of two columns: an order, a span. */
  readonly narrow?: string;
  /** The field that the API can order by. */
  readonly orderBy?: string;
  /** Which way this column is ordered at first. */
  readonly descendingFirst?: boolean;
  /** Not shown until somebody chooses it. */
  readonly extra?: boolean;
  /** Always shown. */
  readonly fixed?: boolean;
}

/** What tables do by themselves: choose and order columns. Filters, order and pages are the API's. */
export const tableParts = tableFeatures({
  columnVisibilityFeature,
  columnOrderingFeature,
  columnMeta: metaHelper<ColumnMeta>(),
});

export interface TableRow {
  readonly id: string;
}

export type TableColumn<Row extends TableRow> = ColumnDef<typeof tableParts, Row, unknown>;
/** Makes the columns of a table: `columnsOf<Agent>().display({ id, cell: ({ row }) => …row.original…, meta: { name } })`. */
export function columnsOf<Row extends TableRow>() {
  return createColumnHelper<typeof tableParts, Row>();
}

/** The ids of the columns that a table shows when nobody has chosen any. */
export function defaultColumns<Row extends TableRow>(columns: readonly TableColumn<Row>[]): string[] {
  return columns.flatMap(({ id, meta }) => (id === undefined || meta?.extra ? [] : [id]));
}

/** The columns that an address names, in its order; the default ones when it names none. */
export function columnsIn<Row extends TableRow>(
  columns: readonly TableColumn<Row>[],
  address: string | null | undefined,
): string[] {
  const named = (address ?? "").split(",").filter((name) => columns.some(({ id }) => id === name));
  if (named.length === 0) return defaultColumns(columns);
  const fixed = columns.flatMap(({ id, meta }) => (id !== undefined && meta?.fixed && !named.includes(id) ? [id] : []));
  return [...fixed, ...new Set(named)];
}

/** What an address says of chosen columns: nothing when they are the default ones. */
export function columnsAddress<Row extends TableRow>(
  columns: readonly TableColumn<Row>[],
  chosen: readonly string[],
): string | undefined {
  const said = chosen.join(",");
  return said === defaultColumns(columns).join(",") ? undefined : said;
}
