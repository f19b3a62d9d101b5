import { memo } from "react";
import type { Rectangle } from "#features/workflows/graph/camera.ts";
import type { LiveStep } from "#features/workflows/live-steps.ts";
import { StepTime } from "#features/workflows/step-time.tsx";
import { StateIcon } from "#lifecycles/state-badge.tsx";
import { TASK_STATES } from "#lifecycles/task-states.tsx";

interface StepBoxProps {
  readonly step: LiveStep;
  readonly at: Rectangle;
  /** Seen from so far that nothing can be read. */
  readonly far: boolean;
  /** Its details are open. */
  readonly open: boolean;
  /** Whether Tab leads here: to one box of the graph, from which the arrow keys lead on. */
  readonly tabbable: boolean;
  readonly small?: boolean;
  readonly onOpen: (step: string) => void;
  readonly onFocus: (step: string) => void;
}

/** A step in the graph: its state as shape and colour, its name, its kind, and how long it takes. */
export const StepBox = memo(function StepBox(props: StepBoxProps) {
  const { step, at, far, open, tabbable, small = false, onOpen, onFocus } = props;
  const look = TASK_STATES[step.state];
  const busy = step.state === "RUNNING" || step.state === "CANCELLING";
  return (
    <button
      type="button"
      data-step={step.step}
      aria-label={far ? `${step.step}: ${look.word}` : undefined}
      aria-pressed={open}
      tabIndex={tabbable ? 0 : -1}
      onClick={() => onOpen(step.step)}
      onFocus={() => onFocus(step.step)}
      title={far || small ? `${step.step}: ${look.word}` : step.step}
      className={`absolute overflow-hidden rounded-md border text-left hover:border-line-strong ${open ? "border-accent bg-accent-soft" : "bg-surface"} ${open || far ? "" : "border-line"}`}
      style={{
        left: at.x,
        top: at.y,
        width: at.width,
        height: at.height,
        ...(far && {
          background: `color-mix(in oklab, ${look.colour} 55%, var(--color-surface))`,
          borderColor: look.colour,
        }),
        ...(busy && !open && { borderColor: look.colour }),
      }}
    >
      {far ? (
        // So large that it tells the states apart from afar, also without their colours.
        <svg viewBox="0 0 12 12" aria-hidden className="mx-auto h-4/5 text-ink">
          {look.shape}
        </svg>
      ) : (
        <span className={`flex items-center gap-2 ${small ? "px-2" : "px-2.5"}`}>
          <StateIcon look={look} />
          <span className="min-w-0 flex-1">
            <span className={`block truncate ${small ? "text-sm" : "font-[550]"}`}>
              {step.step}
              <span className="sr-only">: {look.word}, </span>
            </span>
            {!small && (
              <span className="flex justify-between gap-2 text-sm leading-4 text-faint">
                <span className="truncate">{step.kind}</span>
                <StepTime step={step} />
              </span>
            )}
          </span>
        </span>
      )}
    </button>
  );
});
