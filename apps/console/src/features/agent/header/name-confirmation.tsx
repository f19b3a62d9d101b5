"use client";
import { Field } from "@base-ui/react/field";

interface NameConfirmationProps {
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Asks for a name to be typed, before what cannot be taken back. */
export function NameConfirmation({ name, value, onChange }: NameConfirmationProps) {
  return (
    <Field.Root className="grid gap-1">
      <Field.Label className="font-[550]">Name of the agent</Field.Label>
      <Field.Control
        value={value}
        onValueChange={onChange}
        autoComplete="off"
        spellCheck={false}
        className="w-full rounded-md border border-line-strong bg-surface px-2.5 py-1.5"
      />
      <Field.Description className="text-sm text-faint">
        This cannot be taken back. Type <b className="font-semibold text-ink">{name}</b> to confirm it.
      </Field.Description>
    </Field.Root>
  );
}
