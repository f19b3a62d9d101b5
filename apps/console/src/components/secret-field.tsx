"use client";
import { Field } from "@base-ui/react/field";
import { useState } from "react";

interface SecretFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What a password manager may put there, or keep. */
  readonly autoComplete: "current-password" | "new-password" | "off";
  readonly hint?: string;
  /** What is wrong with it. */
  readonly problem?: string | undefined;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly required?: boolean;
}

/** A secret: hidden unless it is asked for, so that password managers and shoulder-surfers get their due. */
export function SecretField({ label, value, onChange, hint, problem, disabled = false, ...props }: SecretFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <Field.Root className="grid gap-1" disabled={disabled} invalid={problem !== undefined}>
      <Field.Label className="font-[550]">{label}</Field.Label>
      <div className="relative">
        <Field.Control
          type={shown ? "text" : "password"}
          value={value}
          onValueChange={onChange}
          autoCapitalize="none"
          spellCheck={false}
          maxLength={400}
          className="w-full rounded-md border border-line-strong bg-surface py-1.5 pr-15 pl-2.5 font-mono text-sm leading-5 placeholder:text-faint disabled:opacity-60 aria-invalid:border-danger"
          {...props}
        />
        <button
          type="button"
          aria-pressed={shown}
          aria-label={`Show the characters of ${label.toLowerCase()}`}
          disabled={disabled}
          onClick={() => setShown(!shown)}
          className="absolute inset-y-1 right-1 rounded-sm px-2 text-sm text-muted hover:bg-sunken hover:text-ink"
        >
          {shown ? "Hide" : "Show"}
        </button>
      </div>
      {problem !== undefined && (
        <Field.Error match className="text-sm text-danger">
          {problem}
        </Field.Error>
      )}
      {hint !== undefined && <Field.Description className="text-sm text-faint">{hint}</Field.Description>}
    </Field.Root>
  );
}
