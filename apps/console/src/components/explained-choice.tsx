"use client";
import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import { useId } from "react";

interface Way<Value extends string> {
  readonly value: Value;
  readonly name: string;
  /** What happens then. */
  readonly means: string;
}

interface ExplainedChoiceProps<Value extends string> {
  readonly label: string;
  readonly ways: readonly Way<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** One of a few ways, each with what it means. */
export function ExplainedChoice<Value extends string>({ label, ways, value, onChange }: ExplainedChoiceProps<Value>) {
  const id = useId();
  return (
    <div>
      <div id={id} className="font-[550]">
        {label}
      </div>
      <RadioGroup
        aria-labelledby={id}
        value={value}
        onValueChange={(chosen) => onChange(chosen as Value)}
        className="mt-1 grid gap-2"
      >
        {ways.map((way) => (
          <Choice key={way.value} {...way} />
        ))}
      </RadioGroup>
    </div>
  );
}

function Choice({ value, name, means }: Way<string>) {
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
