"use client";
import { type RefObject, useLayoutEffect, useRef } from "react";
import type { TableLines } from "#components/table/table-lines.ts";
import type { TableVirtualizer } from "#components/table/use-table-window.ts";

/**
 * Keeps what is in sight where it is when rows come or go above it, and goes to the top when it has become another list.
 */
export function useKeptPlace(
  table: RefObject<HTMLElement | null>,
  virtualizer: TableVirtualizer,
  lines: TableLines<{ readonly id: string }, unknown>,
  listKey: string,
): void {
  const last = useRef({ lines, listKey, firstKey: "", offset: 0 });
  useLayoutEffect(() => {
    const { lines: before, listKey: keyBefore, firstKey, offset } = last.current;
    const top = virtualizer.options.scrollMargin;
    // Not asked of the window: that would lay out the page in the midst of drawing it.
    const scrolled = virtualizer.scrollOffset ?? 0;
    if (keyBefore !== listKey) {
      if (scrolled > top) {
        window.scrollTo({ top: (table.current?.getBoundingClientRect().top ?? 0) + window.scrollY });
      }
    } else if (before !== lines && firstKey !== "" && scrolled > top) {
      const { startIndex = 0, endIndex = 0 } = virtualizer.range ?? {};
      const index = indexOf(lines, firstKey, startIndex - 200, endIndex + 200);
      const start = index === null ? undefined : virtualizer.measurementsCache[index]?.start;
      if (start !== undefined && Math.abs(start - offset) > 1) window.scrollBy(0, start - offset);
    }
    // The first line that is wholly in sight now.
    const first = virtualizer.getVirtualItems().find((item) => item.start >= scrolled);
    const firstLine = first && first.index < lines.count ? lines.at(first.index) : undefined;
    last.current = {
      lines,
      listKey,
      firstKey: firstLine?.kind === "row" ? firstLine.key : "",
      offset: first?.start ?? 0,
    };
  });
}

/** Where a line is now, if it is near. */
function indexOf(
  lines: TableLines<{ readonly id: string }, unknown>,
  key: string,
  from: number,
  to: number,
): number | null {
  for (let index = Math.max(0, from); index < Math.min(lines.count, to); index += 1) {
    if (lines.at(index).key === key) return index;
  }
  return null;
}
