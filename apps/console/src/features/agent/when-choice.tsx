"use client";
import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import { useId } from "react";
import type { TransitionMode } from "#api/generated/graphql.ts";

interface WhenChoiceProps {
  readonly mode: TransitionMode;
  readonly onChange: (mode: TransitionMode) => void;
  readonly activeTasks: number;
}

/** Whether an action waits for the tasks that the agent runs. */
export function WhenChoice({ mode, onChange, activeTasks }: WhenChoiceProps) {
  const tasks = activeTasks === 1 ? "running task" : `${activeTasks} running tasks`;
  const choices = [
    {
      value: "DRAIN",
      name: "Drain: finish running tasks first",
      means: `It takes no new task; the action fires when its ${tasks} ${activeTasks === 1 ? "has" : "have"} ended.`,
    },
    {
      value: "NOW",
      name: "Now",
      means: `Its ${tasks} ${activeTasks === 1 ? "goes" : "go"} back to the queue, or ${activeTasks === 1 ? "fails by its" : "fail by their"} retry policy.`,
    },
  ] as const;
  const label = useId();
  return (
    <div>
      <div id={label} className="font-[550]">
        When
      </div>
      <RadioGroup
        aria-labelledby={label}
        value={mode}
        onValueChange={(value) => onChange(value as TransitionMode)}
        className="mt-1 grid gap-2"
      >
        {choices.map(({ value, name, means }) => (
          <Choice key={value} value={value} name={name} means={means} />
        ))}
      </RadioGroup>
    </div>
  );
}

function Choice({ value, name, means }: { readonly value: string; readonly name: string; readonly means: string }) {
  const id = useId();
  return (
    <label className="flex items-start gap-2.5 rounded-md border border-line-strong px-3 py-2 has-data-checked:border-accent has-data-checked:bg-accent-soft">
      <Radio.Root
        value={value}
        aria-labelledby={`${id}-name`}
        aria-describedby={`${id}-means`}
        className="mt-0.75 grid size-3.5 shrink-0 place-items-center rounded-full border border-line-strong bg-surface data-checked:border-accent"
      >
        <Radio.Indicator className="size-1.75 rounded-full bg-accent" />
      </Radio.Root>
      <span>
        <span id={`${id}-name`} className="block font-[550]">
          {name}
        </span>
        <span id={`${id}-means`} className="block text-muted">
          {means}
        </span>
      </span>
    </label>
  );
}
