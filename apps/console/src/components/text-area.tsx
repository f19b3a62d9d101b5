"use client";
import { Field } from "@base-ui/react/field";

interface TextAreaProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  readonly required?: boolean;
  readonly autoFocus?: boolean;
  readonly maxLength?: number;
}

/** A labelled text of a few lines. */
export function TextArea({ label, value, onChange, hint, maxLength = 500, ...props }: TextAreaProps) {
  return (
    <Field.Root className="grid gap-1">
      <Field.Label className="font-[550]">{label}</Field.Label>
      <Field.Control
        render={<textarea rows={2} />}
        value={value}
        onValueChange={onChange}
        maxLength={maxLength}
        className="w-full resize-y rounded-md border border-line-strong bg-surface px-2.5 py-1.5"
        {...props}
      />
      {hint !== undefined && <Field.Description className="text-sm text-faint">{hint}</Field.Description>}
    </Field.Root>
  );
}
