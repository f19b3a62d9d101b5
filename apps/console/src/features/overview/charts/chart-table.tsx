import { sliceText } from "#features/overview/charts/time-axis.ts";

interface ChartTableProps {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly at: number; readonly cells: readonly string[] }[];
  readonly bucketMs: number;
}

/** What a chart shows, as rows: the newest first. */
export function ChartTable({ label, columns, rows, bucketMs }: ChartTableProps) {
  return (
    <table aria-label={label} className="text-left tabular-nums">
      <thead>
        <tr className="text-faint">
          <th scope="col" className="pr-4 font-medium">
            Time
          </th>
          {columns.map((column) => (
            <th key={column} scope="col" className="pl-4 text-right font-medium whitespace-nowrap">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.toReversed().map(({ at, cells }) => (
          <tr key={at}>
            <th scope="row" className="pr-4 font-normal whitespace-nowrap">
              {sliceText(at, bucketMs, rows.length * bucketMs)}
            </th>
            {cells.map((cell, place) => (
              <td key={columns[place]} className="pl-4 text-right">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
