"use client";
import { Field } from "@base-ui/react/field";
import type { HTMLInputTypeAttribute } from "react";

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: HTMLInputTypeAttribute;
  readonly hint?: string;
  /** What is wrong with it. */
  readonly problem?: string | undefined;
  readonly required?: boolean;
  readonly disabled?: boolean;
  readonly autoFocus?: boolean;
  readonly maxLength?: number;
  readonly placeholder?: string;
  /** The id of a `datalist` that suggests some. */
  readonly list?: string;
  /** What the browser may suggest; nothing by default. */
  readonly autoComplete?: string;
  readonly inputMode?: "numeric";
  /** Of a time: to the second with 1. */
  readonly step?: number;
  /** For what machines read. */
  readonly mono?: boolean;
}

/** A labelled text of one line, with what is wrong with it below. */
export function TextField({ label, value, onChange, hint, problem, mono = false, ...props }: TextFieldProps) {
  return (
    <Field.Root className="grid content-start gap-1" invalid={problem !== undefined}>
      <Field.Label className="font-[550]">{label}</Field.Label>
      <Field.Control
        value={value}
        onValueChange={onChange}
        autoComplete="off"
        spellCheck={false}
        className={`w-full rounded-md border border-line-strong bg-surface px-2.5 py-1.5 placeholder:text-faint disabled:opacity-60 aria-invalid:border-danger ${mono ? "font-mono text-sm leading-5" : ""}`}
        {...props}
      />
      {problem !== undefined && (
        <Field.Error match className="text-sm text-danger">
          {problem}
        </Field.Error>
      )}
      {hint !== undefined && <Field.Description className="text-sm text-faint">{hint}</Field.Description>}
    </Field.Root>
  );
}
