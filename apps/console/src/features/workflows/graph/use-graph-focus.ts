"use client";
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { CELL, columnsOf, HEAD, PADDING } from "#features/workflows/graph/block-sizes.ts";
import type { Rectangle, Size } from "#features/workflows/graph/camera.ts";
import type { BlockGraph } from "#features/workflows/graph/group-steps.ts";
import type { Layout, Placed } from "#features/workflows/graph/layout-graph.ts";
import { type Direction, walkGraph } from "#features/workflows/graph/walk-graph.ts";
import { walkCells } from "#features/workflows/graph/walk-cells.ts";

/** From so near on a box that has the focus is shown: its text can be read. */
export const READABLE = 0.6;

interface GraphFocusOptions {
  readonly pane: RefObject<HTMLElement | null>;
  readonly grouped: BlockGraph;
  readonly layout: Layout<{ readonly from: string; readonly to: string }>;
  readonly unfolded: ReadonlySet<string>;
  /** The step whose details are open: it stays in sight, also when they take room from the graph. */
  readonly open: string | undefined;
  readonly size: Size;
  /** All of it is in sight, and can be read. */
  readonly readable: boolean;
  readonly show: (box: Rectangle, atLeast: number) => void;
}

/** Which box or cell has the focus, and where arrow keys lead from it. Tab enters the graph there. */
export function useGraphFocus({ pane, grouped, layout, unfolded, open, size, readable, show }: GraphFocusOptions) {
  const [focused, setFocused] = useState(grouped.blocks[0]?.id ?? "");
  const boxOfStep = useMemo(() => {
    const boxes = new Map(grouped.blocks.map(({ id }) => [id, id]));
    for (const { id, steps } of grouped.blocks) for (const step of steps) boxes.set(step, id);
    return boxes;
  }, [grouped]);
  const boxHolding = useCallback((id: string | undefined) => boxOfStep.get(id ?? ""), [boxOfStep]);
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    const [element] = [...(pane.current?.querySelectorAll<HTMLElement>("[data-step]") ?? [])].filter(
      ({ dataset }) => dataset["step"] === wanted.current,
    );
    wanted.current = null;
    element?.focus({ preventScroll: true });
  });

  const moveTo = (id: string) => {
    const box = layout.boxes.find((one) => one.id === boxHolding(id));
    if (!box) return;
    wanted.current = id;
    setFocused(id);
    show(placeOf(id, box), READABLE);
  };
  const placeOf = (id: string, box: Placed): Rectangle => {
    const cells = grouped.blocks.find((block) => block.id === box.id)?.steps ?? [];
    const at = unfolded.has(box.id) && id !== box.id ? cells.indexOf(id) : -1;
    if (at < 0) return unfolded.has(box.id) ? { ...box, height: HEAD } : box;
    const columns = columnsOf(cells.length);
    return {
      x: box.x + PADDING + (at % columns) * (CELL.width + CELL.gap),
      y: box.y + HEAD + Math.floor(at / columns) * (CELL.height + CELL.gap),
      width: CELL.width,
      height: CELL.height,
    };
  };
  const reveal = useRef(() => {});
  reveal.current = () => {
    const box = layout.boxes.find((one) => one.id === boxHolding(open));
    if (box && !readable) show(placeOf(open ?? "", box), READABLE);
  };
  useEffect(() => {
    if (open !== undefined && size.width > 1) reveal.current();
  }, [open, size.width, size.height]);
  const walk = (direction: Direction) => {
    const here = boxHolding(focused) ?? focused;
    const block = grouped.blocks.find(({ id }) => id === here);
    const inside = block && unfolded.has(block.id) ? walkCells(block, focused, direction) : null;
    const next =
      inside ??
      walkGraph(
        layout.boxes,
        layout.routes.map(({ edge }) => edge),
        here,
        direction,
      );
    if (next !== null) moveTo(next);
  };
  return { focused, setFocused, walk, boxHolding };
}
