"use client";
import { type KeyboardEvent, type PointerEvent, useRef } from "react";
import { exactText } from "#components/time.tsx";
import { SHORTEST_MS, type TimeRange } from "#features/agent/timeline/bar-window.ts";

interface SelectionBoxProps {
  readonly window: TimeRange;
  readonly selected: TimeRange;
  /** While it is being drawn it cannot be changed. */
  readonly onChange?: (range: TimeRange) => void;
}

/** What is selected of a bar: a frame with two ends to drag, or to move with the arrow keys. */
export function SelectionBox({ window, selected, onChange }: SelectionBoxProps) {
  const width = window.to - window.from;
  const share = (time: number) => Math.min(1, Math.max(0, (time - window.from) / width)) * 100;
  const [left, right] = [share(selected.from), share(selected.to)];
  return (
    <>
      <span
        aria-hidden
        className="pointer-events-none absolute inset-y-0 left-0 bg-page/65"
        style={{ width: `${left}%` }}
      />
      <span
        aria-hidden
        className="pointer-events-none absolute inset-y-0 right-0 bg-page/65"
        style={{ width: `${100 - right}%` }}
      />
      <span
        aria-hidden
        className="pointer-events-none absolute -inset-y-1 rounded-sm border border-accent"
        style={{ left: `${left}%`, width: `max(6px, ${right - left}%)` }}
      />
      {onChange && (
        <>
          <Handle
            name="Start of the selection"
            at={selected.from}
            position={left}
            window={window}
            least={window.from}
            most={selected.to - SHORTEST_MS}
            onMove={(from) => onChange({ ...selected, from })}
          />
          <Handle
            name="End of the selection"
            at={selected.to}
            position={right}
            window={window}
            least={selected.from + SHORTEST_MS}
            most={window.to}
            onMove={(to) => onChange({ ...selected, to })}
          />
        </>
      )}
    </>
  );
}

interface HandleProps {
  readonly name: string;
  readonly at: number;
  readonly position: number;
  readonly window: TimeRange;
  readonly least: number;
  readonly most: number;
  readonly onMove: (time: number) => void;
}

const STEP = 0.01;
const LONG_STEP = 0.1;

function Handle({ name, at, position, window, least, most, onMove }: HandleProps) {
  const dragged = useRef(false);
  const width = window.to - window.from;
  const move = (time: number) => onMove(Math.round(Math.min(most, Math.max(least, time))));
  const onKeyDown = (event: KeyboardEvent) => {
    const step = (event.shiftKey ? LONG_STEP : STEP) * width;
    const next = { ArrowLeft: at - step, ArrowRight: at + step, Home: least, End: most }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(next);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const bar = event.currentTarget.parentElement?.getBoundingClientRect();
    if (dragged.current && bar) move(window.from + ((event.clientX - bar.left) / bar.width) * width);
  };
  return (
    <span
      role="slider"
      tabIndex={0}
      aria-label={name}
      aria-orientation="horizontal"
      aria-valuemin={Math.round(least)}
      aria-valuemax={Math.round(most)}
      aria-valuenow={Math.round(at)}
      aria-valuetext={exactText(new Date(at).toISOString())}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        dragged.current = true;
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => (dragged.current = false)}
      onPointerCancel={() => (dragged.current = false)}
      className="absolute -inset-y-1.5 z-10 w-3 -translate-x-1/2 cursor-ew-resize touch-none rounded-sm before:absolute before:inset-y-1.5 before:left-1 before:w-1 before:rounded-full before:bg-accent"
      style={{ left: `${position}%` }}
    />
  );
}
