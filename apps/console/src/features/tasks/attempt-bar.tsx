"use client";
import type { CSSProperties } from "react";
import { spentText } from "#events/spent-text.ts";
import { type Attempt, AT_WORK } from "#features/tasks/attempts.ts";
import { fillOf, PHASES } from "#features/tasks/phase-looks.ts";
import type { TimeScale } from "#features/tasks/time-scale.ts";

interface AttemptBarProps {
  readonly attempt: Attempt;
  readonly scale: TimeScale;
  readonly now: number;
}

/** The phases of an attempt where they stand in time. What goes on grows by itself. */
export function AttemptBar({ attempt, scale, now }: AttemptBarProps) {
  return (
    <span aria-hidden className="relative block h-4">
      {attempt.phases.map(({ kind, from, to }) => {
        if (from > now) return null;
        const start = scale.at(from);
        const share = Math.max(0, scale.at(Math.min(to ?? now, now)) - start);
        const style: CSSProperties = {
          left: `${start * 100}%`,
          width: `max(${AT_WORK.has(kind) ? 3 : 1}px, ${share * 100}%)`,
          background: fillOf(kind, attempt.outcome),
        };
        const look = AT_WORK.has(kind) ? "inset-y-0 rounded-[3px]" : "inset-y-[5px] rounded-[2px]";
        return (
          <span
            key={`${kind} ${from}`}
            title={`${PHASES[kind].word} ${spentText(Math.max(0, Math.min(to ?? now, now) - from))}`}
            className={`absolute transition-[left,width] duration-1000 ease-linear ${look}`}
            style={style}
          />
        );
      })}
    </span>
  );
}
