import type { ReactNode } from "react";
import { StateIcon } from "#lifecycles/state-badge.tsx";
import { SHAPES } from "#lifecycles/shapes.tsx";

interface ScheduleMarkProps {
  readonly paused: boolean;
  readonly reason: string | null;
  /** When it runs next. */
  readonly children: ReactNode;
}

const PAUSED = { word: "Paused", colour: "var(--color-suspended)", shape: SHAPES.pause };

/** When it runs next; that it does not while it is paused. */
export function ScheduleMark({ paused, reason, children }: ScheduleMarkProps) {
  if (!paused) return children;
  return (
    <span title={reason ?? undefined} className="inline-flex items-center gap-1.5 font-[550]">
      <StateIcon look={PAUSED} />
      Paused
    </span>
  );
}
