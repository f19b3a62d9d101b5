import type { ReactNode } from "react";

interface OtherRowProps {
  readonly index: number;
  /** How many columns there are. */
  readonly width: number;
  /** Undefined when its height is known. */
  readonly measure: ((element: HTMLTableRowElement | null) => void) | undefined;
}

/** What the rows below it have in common. */
export function GroupHeading({ index, width, measure, children }: OtherRowProps & { readonly children: ReactNode }) {
  return (
    <tr ref={measure} data-index={index} aria-rowindex={index + 2} className="block @4xl:table-row">
      <th
        scope="rowgroup"
        colSpan={width}
        className="block h-[29px] border-b border-line bg-sunken px-4 py-1 text-left text-sm font-medium text-muted @4xl:table-cell @4xl:px-3"
      >
        {children}
      </th>
    </tr>
  );
}

/** Keeps the place of a row that is not loaded yet. */
export function MissingRow({ index, width, measure, height }: OtherRowProps & { readonly height: number }) {
  return (
    <tr ref={measure} data-index={index} aria-hidden className="block @4xl:table-row">
      <td colSpan={width} className="block border-b border-line px-4 @4xl:table-cell @4xl:px-3" style={{ height }}>
        <span className="sr-only">Loading</span>
        <div
          className="h-3.5 rounded-sm bg-sunken motion-safe:animate-pulse"
          style={{ width: `${78 - ((index * 17) % 40)}%` }}
        />
      </td>
    </tr>
  );
}
