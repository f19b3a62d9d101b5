"use client";
import { type ReactNode, useState } from "react";
import { Button } from "#components/button.tsx";
import { Card } from "#components/card.tsx";
import { Choice } from "#components/choice.tsx";
import { SelectField } from "#components/select-field.tsx";
import { type Range, RANGES, type TimeSpan, within } from "#features/fleet/time-range.ts";
import { TimeSlider } from "#features/fleet/time-slider.tsx";
import type { StepDirection } from "#features/fleet/use-change-step.ts";
import { SPEEDS, usePlay } from "#features/fleet/use-play.ts";

interface TimeMachineProps {
  readonly span: TimeSpan;
  readonly range: Range;
  readonly onRange: (range: Range) => void;
  readonly at: number;
  readonly onMove: (at: number) => void;
  /** The other moment, when two are compared. */
  readonly to: number | undefined;
  readonly onMoveTo: (to: number | undefined) => void;
  readonly onStep: (direction: StepDirection) => Promise<number | null>;
  readonly stepping: boolean;
  /** Drawn along the way. */
  readonly marks: ReactNode;
}

/** Moves through the fleet's past: by hand, step by step, or by itself. */
export function TimeMachine(props: TimeMachineProps) {
  const { span, range, onRange, at, onMove, to, onMoveTo, onStep, stepping, marks } = props;
  const { playing, speed, setSpeed, toggle, stop } = usePlay(at, span.to, span.to - span.from, onMove);
  const [nothing, setNothing] = useState<StepDirection | null>(null);
  const step = async (direction: StepDirection) => {
    stop();
    const moment = await onStep(direction);
    setNothing(moment === null ? direction : null);
    if (moment !== null) onMove(within({ from: 0, to: span.to }, moment));
  };
  const thumbs =
    to === undefined
      ? [{ label: "Moment", at, onMove }]
      : [
          { label: "From", at, onMove },
          { label: "To", at: to, onMove: onMoveTo },
        ];
  return (
    <Card className="grid gap-2.5 p-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        {to === undefined && (
          <div className="flex items-center gap-1">
            <Button
              aria-label="Previous change"
              title="To the previous change"
              disabled={stepping}
              onClick={() => void step("previous")}
            >
              <Icon path="M11 3 5 8l6 5zM3.5 3v10" />
            </Button>
            <Button
              aria-label={playing ? "Pause" : "Play"}
              onClick={() => {
                if (!playing && at >= span.to) onMove(span.from);
                toggle();
              }}
            >
              <Icon path={playing ? "M5 3v10M11 3v10" : "M4.5 2.5 13 8l-8.500 5.500z"} />
            </Button>
            <Button
              aria-label="Next change"
              title="To the next change"
              disabled={stepping}
              onClick={() => void step("next")}
            >
              <Icon path="M5 3l6 5-6 5zM12.500 3v10" />
            </Button>
            <SelectField label="Speed" labelHidden options={SPEEDS} value={speed} onChange={setSpeed} />
          </div>
        )}
        <span role="status" className="text-muted">
          {nothing === "previous" && "Nothing changed before."}
          {nothing === "next" && "Nothing has changed since."}
        </span>
        <span className="grow" />
        <Button
          look="ghost"
          onClick={() => {
            stop();
            onMoveTo(to === undefined ? span.to : undefined);
          }}
        >
          {to === undefined ? "Compare two moments" : "Look at one moment"}
        </Button>
        <Choice label="How far back" options={RANGES} value={range} onChange={onRange} />
      </div>
      <TimeSlider span={span} thumbs={thumbs} onGrab={stop}>
        {marks}
      </TimeSlider>
    </Card>
  );
}

function Icon({ path }: { readonly path: string }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden className="size-3.5">
      <path
        d={path}
        fill="currentColor"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}
