"use client";
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from "react";
import { sliceText, timeTicks } from "#features/overview/charts/time-axis.ts";
import { useWidth } from "#features/overview/charts/use-width.ts";

/** The part of the picture that the values are drawn in, in pixels. */
export interface Plot {
  readonly width: number;
  readonly height: number;
  /** The width of a slice. */
  readonly step: number;
}

interface ChartFrameProps {
  /** What it shows, for those who do not see it. */
  readonly label: string;
  readonly from: number;
  readonly bucketMs: number;
  readonly count: number;
  /** Where each stands, from 0 at the bottom to 1, and how it reads. */
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  readonly draw: (plot: Plot) => ReactNode;
  /** What a slice says, for the tooltip and for readers. */
  readonly tell: (place: number) => { readonly lines: readonly ReactNode[]; readonly text: string };
}

const HEIGHT = 168;
const LEFT = 46;
const BOTTOM = 20;
const TOP = 8;

/** Axes, and a tooltip for the slice under the pointer or chosen by the arrow keys. */
export function ChartFrame({ label, from, bucketMs, count, ticks, draw, tell }: ChartFrameProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [chosen, setChosen] = useState<number | null>(null);
  const place = chosen === null ? null : Math.min(chosen, count - 1);
  const plot = {
    width: Math.max(0, width - LEFT),
    height: HEIGHT - TOP - BOTTOM,
    step: Math.max(0, width - LEFT) / count,
  };
  const rangeMs = count * bucketMs;
  const xOf = (at: number) => LEFT + ((at - from) / rangeMs) * plot.width;

  const point = (event: PointerEvent<HTMLElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    setChosen(Math.min(count - 1, Math.max(0, Math.floor(x / plot.step))));
  };
  const press = (event: KeyboardEvent) => {
    const at = place ?? count - 1;
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: count - 1, PageUp: at - 10, PageDown: at + 10 }[
      event.key
    ];
    if (event.key === "Escape") setChosen(null);
    if (next === undefined) return;
    event.preventDefault();
    setChosen(Math.min(count - 1, Math.max(0, next)));
  };
  const when = (at: number) => sliceText(from + at * bucketMs, bucketMs, rangeMs);
  const told = place === null ? null : tell(place);
  return (
    <div ref={frame} className="relative" style={{ height: HEIGHT }}>
      {width > 0 && (
        <svg aria-hidden width={width} height={HEIGHT} className="absolute inset-0 overflow-visible text-xs">
          {ticks.map(({ at, text }) => (
            <g key={text} transform={`translate(0 ${TOP + (1 - at) * plot.height})`}>
              <line x1={LEFT} x2={width} stroke="var(--color-line)" />
              <text x={LEFT - 8} y={4} textAnchor="end" fill="var(--color-faint)" className="tabular-nums">
                {text}
              </text>
            </g>
          ))}
          {timeTicks(from, from + rangeMs, plot.width / 84).map(({ at, text }) => (
            <text
              key={at}
              x={Math.min(width - 16, xOf(at))}
              y={HEIGHT - 4}
              textAnchor="middle"
              fill="var(--color-faint)"
              className="tabular-nums"
            >
              {text}
            </text>
          ))}
          {place !== null && (
            <rect
              x={LEFT + place * plot.step}
              y={TOP}
              width={plot.step}
              height={plot.height}
              fill="var(--color-sunken)"
            />
          )}
          <g transform={`translate(${LEFT} ${TOP})`}>{draw(plot)}</g>
        </svg>
      )}
      <div
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={count - 1}
        aria-valuenow={place ?? count - 1}
        aria-valuetext={`${when(place ?? count - 1)}: ${tell(place ?? count - 1).text}`}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => setChosen(null)}
        onFocus={() => setChosen((current) => current ?? count - 1)}
        onBlur={() => setChosen(null)}
        onKeyDown={press}
        className="absolute rounded-sm"
        style={{ left: LEFT, right: 0, top: TOP, bottom: BOTTOM }}
      />
      {place !== null && told && (
        <div
          aria-hidden
          className="pointer-events-none absolute top-1 z-10 grid min-w-40 gap-0.5 rounded-md border border-line bg-raised px-2.5 py-1.5 text-sm whitespace-nowrap shadow-float"
          style={
            place * plot.step < plot.width / 2
              ? { left: LEFT + (place + 1) * plot.step + 8 }
              : { right: width - LEFT - place * plot.step + 8 }
          }
        >
          <span className="text-faint tabular-nums">{when(place)}</span>
          {told.lines}
        </div>
      )}
    </div>
  );
}
