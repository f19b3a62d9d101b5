"use client";
import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import type { ReactNode } from "react";

interface ChoiceProps<Value extends string> {
  /** What is chosen, for those who cannot see it. */
  readonly label: string;
  /** The values in their order, and how each reads. */
  readonly options: Readonly<Record<Value, ReactNode>>;
  /** Null: none of them, as with a range that was drawn by hand. */
  readonly value: Value | null;
  readonly onChange: (value: Value) => void;
}

/** One of a few, all in sight: how something is shown, how far back. */
export function Choice<Value extends string>({ label, options, value, onChange }: ChoiceProps<Value>) {
  return (
    <ToggleGroup
      aria-label={label}
      value={value === null ? [] : [value]}
      onValueChange={([chosen]) => chosen !== undefined && onChange(chosen as Value)}
      className="inline-flex gap-0.5 rounded-md bg-sunken p-0.5"
    >
      {(Object.keys(options) as Value[]).map((each) => (
        <Toggle
          key={each}
          value={each}
          className="rounded-sm px-2 whitespace-nowrap text-muted hover:text-ink data-pressed:bg-surface data-pressed:font-[550] data-pressed:text-ink"
        >
          {options[each]}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}
