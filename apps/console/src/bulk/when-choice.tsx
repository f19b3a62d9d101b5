"use client";
import { useId } from "react";
import type { TransitionMode } from "#api/generated/graphql.ts";
import { countText } from "#bulk/bulk-request.ts";

interface WhenChoiceProps {
  readonly mode: TransitionMode;
  readonly onChange: (mode: TransitionMode) => void;
  /** How many of the agents hold tasks. */
  readonly busy: number;
}

/** Whether the action waits for the tasks that agents run. */
export function WhenChoice({ mode, onChange, busy }: WhenChoiceProps) {
  const id = useId();
  const choices = [
    {
      value: "DRAIN",
      name: "Drain: finish running tasks first",
      means: `${countText("agents", busy)} at work ${busy === 1 ? "takes" : "take"} no new task and ${busy === 1 ? "follows" : "follow"} when the last one has ended.`,
    },
    { value: "NOW", name: "Now", means: "What they run goes back to the queue, or fails by its retry policy." },
  ] as const;
  return (
    <div role="radiogroup" aria-labelledby={id} className="grid gap-2">
      <div id={id} className="font-[550]">
        When
      </div>
      {choices.map(({ value, name, means }) => (
        <label
          key={value}
          className="flex items-start gap-2.5 rounded-md border border-line-strong px-3 py-2 has-checked:border-accent has-checked:bg-accent-soft"
        >
          <input
            type="radio"
            name={id}
            aria-label={name}
            aria-describedby={`${id}-${value}`}
            checked={mode === value}
            onChange={() => onChange(value)}
            className="mt-0.75 size-3.5 accent-accent"
          />
          <span>
            <span className="block font-[550]">{name}</span>
            <span id={`${id}-${value}`} className="block text-muted">
              {means}
            </span>
          </span>
        </label>
      ))}
    </div>
  );
}
