"use client";
import { Field } from "@base-ui/react/field";
import { useState } from "react";

interface KeyFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly disabled: boolean;
}

/** A secret to paste: hidden unless it is asked for, so that password managers and shoulder-surfers get their due. */
export function KeyField({ value, onChange, disabled }: KeyFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <Field.Root className="grid gap-1.5" disabled={disabled}>
      <Field.Label className="font-[550]">API key</Field.Label>
      <div className="relative">
        <Field.Control
          type={shown ? "text" : "password"}
          name="key"
          value={value}
          onValueChange={onChange}
          autoComplete="current-password"
          autoCapitalize="none"
          spellCheck={false}
          required
          placeholder="mst_…"
          className="w-full rounded-md border border-line-strong bg-page py-2 pr-15 pl-3 font-mono text-base placeholder:text-faint disabled:opacity-60"
        />
        <button
          type="button"
          aria-pressed={shown}
          aria-label="Show the characters"
          disabled={disabled}
          onClick={() => setShown(!shown)}
          className="absolute inset-y-1 right-1 rounded-sm px-2 text-sm text-muted hover:bg-sunken hover:text-ink"
        >
          {shown ? "Hide" : "Show"}
        </button>
      </div>
    </Field.Root>
  );
}
