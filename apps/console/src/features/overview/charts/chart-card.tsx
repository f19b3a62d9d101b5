"use client";
import type { ReactNode } from "react";
import { Card } from "#components/card.tsx";

interface ChartCardProps {
  readonly title: string;
  /** The whole range in numbers. */
  readonly figures: ReactNode;
  readonly legend: ReactNode;
  readonly children: ReactNode;
  /** The same as rows, for those who read rather than look. */
  readonly table: ReactNode;
}

/** A chart with its title, what it comes to, and the same as a table. */
export function ChartCard({ title, figures, legend, children, table }: ChartCardProps) {
  return (
    <Card className="grid min-w-0 content-start gap-3 px-4 py-3.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h2 className="font-semibold">{title}</h2>
        <div className="flex flex-wrap gap-x-4 text-muted tabular-nums">{figures}</div>
      </div>
      {children}
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-1 text-sm text-muted">
        <div className="flex flex-wrap gap-x-4 gap-y-1">{legend}</div>
        <details className="group">
          <summary className="cursor-pointer text-faint hover:text-ink">As a table</summary>
          <div className="mt-2 max-h-64 overflow-auto">{table}</div>
        </details>
      </div>
    </Card>
  );
}

interface SwatchProps {
  readonly colour: string;
  /** Of lines: dashed ones are told apart without colour. */
  readonly dash?: string;
  readonly line?: boolean;
  readonly children: ReactNode;
}

/** What a colour, or a kind of line, stands for. */
export function Swatch({ colour, dash, line = false, children }: SwatchProps) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <svg aria-hidden width={line ? 18 : 10} height={10}>
        {line ? (
          <line x1={1} x2={17} y1={5} y2={5} stroke={colour} strokeWidth={2} {...(dash && { strokeDasharray: dash })} />
        ) : (
          <rect width={10} height={10} rx={2} fill={colour} />
        )}
      </svg>
      {children}
    </span>
  );
}
