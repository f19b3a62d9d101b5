/** Rows under a heading of their own, before all others. They are few. */
export interface RowGroup<Row, Heading> {
  readonly key: string;
  readonly heading: Heading;
  readonly rows: readonly Row[];
}

/** What stands at a place of the table; the last kind is a row that is not loaded yet. */
export type TableLine<Row, Heading> =
  | { readonly kind: "heading"; readonly key: string; readonly heading: Heading }
  /** `at` counts the rows of the list itself; it is negative in the groups before it. */
  | { readonly kind: "row"; readonly key: string; readonly at: number; readonly row: Row }
  | { readonly kind: "missing"; readonly key: string; readonly at: number };

/** What a table shows, from top to bottom, without a list of all of it: the lines are made as they are looked at. */
export interface TableLines<Row, Heading> {
  readonly count: number;
  readonly at: (index: number) => TableLine<Row, Heading>;
  /** How many lines stand above the list itself. */
  readonly above: number;
}

interface Listed<Row> {
  readonly rows: readonly Row[];
  readonly total: number;
}

/** Groups first, then the list, under its own heading when there are both. */
export function tableLines<Row extends { readonly id: string }, Heading>(
  groups: readonly RowGroup<Row, Heading>[],
  listHeading: Heading,
  { rows, total }: Listed<Row>,
): TableLines<Row, Heading> {
  const lines: TableLine<Row, Heading>[] = [];
  for (const { key, heading, rows: few } of groups) {
    if (few.length === 0) continue;
    lines.push({ kind: "heading", key, heading });
    for (const row of few) lines.push({ kind: "row", key: `${key}:${row.id}`, at: -1, row });
  }
  if (lines.length > 0 && total > 0) lines.push({ kind: "heading", key: "others", heading: listHeading });
  const above = lines.length;
  return {
    count: above + total,
    above,
    at: (index) => {
      const line = lines[index];
      if (line) return line;
      const row = rows[index - above];
      return row
        ? { kind: "row", key: row.id, at: index - above, row }
        : { kind: "missing", key: `missing:${index - above}`, at: index - above };
    },
  };
}
