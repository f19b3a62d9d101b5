"use client";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useLayoutEffect, useState } from "react";
import type { Sight } from "#live/list-pages.ts";
import { useOffsetTop } from "#components/use-offset-top.ts";

/** Pixels of a cell, with the space around it. */
export const CELL = 26;
const OVERSCAN = 3;

interface GridWindowOptions {
  readonly grid: RefObject<HTMLElement | null>;
  readonly count: number;
  readonly show: (sight: Sight) => void;
}

/** Which cells of a grid are in the document, how many stand side by side, and how much room the others take. */
export function useGridWindow({ grid, count, show }: GridWindowOptions) {
  const across = useAcross(grid);
  const top = useOffsetTop(grid);
  const virtualizer = useWindowVirtualizer<HTMLElement>({
    count: Math.ceil(count / across),
    estimateSize: () => CELL,
    overscan: OVERSCAN,
    scrollMargin: top,
    scrollPaddingStart: 8,
    scrollPaddingEnd: 72,
  });
  const lines = virtualizer.getVirtualItems();
  const first = (lines[0]?.index ?? 0) * across;
  const last = Math.min(count, ((lines.at(-1)?.index ?? -1) + 1) * across) - 1;
  useEffect(() => {
    if (last >= first) show({ first, last });
  }, [show, first, last]);
  return {
    across,
    first,
    last,
    before: (lines[0]?.start ?? top) - top,
    height: virtualizer.getTotalSize(),
    scrollTo: (index: number) => virtualizer.scrollToIndex(Math.floor(index / across), { align: "auto" }),
  };
}

function useAcross(grid: RefObject<HTMLElement | null>): number {
  const [across, setAcross] = useState(1);
  useLayoutEffect(() => {
    const element = grid.current;
    if (!element) return undefined;
    const measure = () => setAcross(Math.max(1, Math.floor(element.clientWidth / CELL)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [grid]);
  return across;
}
