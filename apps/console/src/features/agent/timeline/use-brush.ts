"use client";
import { type PointerEvent, useRef, useState } from "react";
import { type TimeRange, within } from "#features/agent/timeline/bar-window.ts";

/** Less than this is a click. In pixels. */
const DRAG_FROM = 4;

interface Brush {
  /** What is being drawn. */
  readonly drawn: TimeRange | null;
  /** The time under the pointer. */
  readonly pointed: number | null;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerUp: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerCancel: () => void;
    readonly onPointerLeave: () => void;
  };
}

interface BrushOptions {
  readonly window: TimeRange;
  readonly onSelect: (range: TimeRange) => void;
  readonly onClick: (time: number) => void;
}

/** Draws a range of time with the pointer. */
export function useBrush({ window, onSelect, onClick }: BrushOptions): Brush {
  const begun = useRef<{ readonly x: number; readonly time: number; readonly window: TimeRange } | null>(null);
  const [drawn, setDrawn] = useState<TimeRange | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const timeAt = ({ currentTarget, clientX }: PointerEvent<HTMLElement>, { from, to } = window) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    return from + Math.min(1, Math.max(0, (clientX - left) / width)) * (to - from);
  };
  const stop = () => {
    begun.current = null;
    setDrawn(null);
  };
  return {
    drawn,
    pointed: drawn ? null : pointed,
    handlers: {
      onPointerDown(event) {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        // The bar moves on each second; what is drawn stays where it is.
        begun.current = { x: event.clientX, time: timeAt(event), window };
      },
      onPointerMove(event) {
        setPointed(timeAt(event));
        const from = begun.current;
        if (!from || (drawn === null && Math.abs(event.clientX - from.x) < DRAG_FROM)) return;
        setDrawn(within(from.time, timeAt(event, from.window), from.window));
      },
      onPointerUp(event) {
        const from = begun.current;
        if (from && drawn) onSelect(drawn);
        else if (from) onClick(timeAt(event));
        stop();
      },
      onPointerCancel: stop,
      onPointerLeave: () => setPointed(null),
    },
  };
}
