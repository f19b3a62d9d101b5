"use client";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { TableLines } from "#components/table/table-lines.ts";
import { useOffsetTop } from "#components/use-offset-top.ts";
import type { RowList } from "#live/use-live-list.ts";

interface TableWindowOptions {
  readonly table: RefObject<HTMLTableElement | null>;
  readonly lines: TableLines<{ readonly id: string }, unknown>;
  readonly list: Pick<RowList<unknown>, "show" | "key">;
  readonly rowHeight: number;
  readonly cardHeight: number;
}

/** As wide as `@4xl` in the classes: what is narrower shows cards. */
const WIDE = 896;
const HEADING_HEIGHT = 29;
const HEADER_HEIGHT = 37;
const OVERSCAN = 8;

export type TableVirtualizer = ReturnType<typeof useWindowVirtualizer<HTMLTableRowElement>>;

/** Which lines of a table are in the document, and how much room those above and below them take. */
export function useTableWindow({ table, lines, list, rowHeight, cardHeight }: TableWindowOptions) {
  const wide = useIsWide(table);
  const height = wide ? rowHeight : cardHeight;
  const top = useOffsetTop(table) + (wide ? HEADER_HEIGHT : 0);
  const latest = useRef(lines);
  latest.current = lines;
  const { above } = lines;
  const virtualizer: TableVirtualizer = useWindowVirtualizer<HTMLTableRowElement>({
    count: lines.count,
    // New functions make it lay out every row anew, ten thousand of them: so these stay, as far as they can.
    estimateSize: useCallback(
      (index: number) => (index < above && latest.current.at(index).kind === "heading" ? HEADING_HEIGHT : height),
      [above, height],
    ),
    // Rows of one height need no names to be known by.
    getItemKey: useCallback(
      (index: number) => (wide ? index : latest.current.at(index).key),
      // oxlint-disable-next-line react-hooks/exhaustive-deps
      [wide, wide ? null : lines],
    ),
    overscan: OVERSCAN,
    scrollMargin: top,
    scrollPaddingStart: HEADER_HEIGHT + 8,
    scrollPaddingEnd: 64,
  });
  useLayoutEffect(() => virtualizer.measure(), [wide, virtualizer]);
  const items = virtualizer.getVirtualItems();
  const { startIndex = 0, endIndex = 0 } = virtualizer.range ?? {};
  const { show, key } = list;
  useEffect(() => {
    show({ first: Math.max(0, startIndex - lines.above), last: Math.max(0, endIndex - lines.above) });
  }, [show, key, startIndex, endIndex, lines.above]);
  const before = (items[0]?.start ?? top) - top;
  const after = Math.max(0, virtualizer.getTotalSize() - ((items.at(-1)?.end ?? top) - top));
  return { virtualizer, items, before, after, wide };
}

function useIsWide(element: RefObject<HTMLElement | null>): boolean {
  const [wide, setWide] = useState(true);
  useLayoutEffect(() => {
    const watched = element.current?.parentElement;
    if (!watched) return undefined;
    const measure = () => setWide(watched.clientWidth >= WIDE);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element]);
  return wide;
}
