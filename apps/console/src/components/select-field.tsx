"use client";
import { Field } from "@base-ui/react/field";

interface SelectFieldProps<Value extends string> {
  readonly label: string;
  /** The values in their order, and how each reads. */
  readonly options: Readonly<Record<Value, string>>;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly hint?: string;
  /** Only for those who cannot see it: where the place says what it is. */
  readonly labelHidden?: boolean;
  readonly disabled?: boolean;
}

/** One of some, in the system's own list: it works with every keyboard, reader and thumb. */
export function SelectField<Value extends string>({
  label,
  options,
  value,
  onChange,
  hint,
  labelHidden = false,
  disabled = false,
}: SelectFieldProps<Value>) {
  return (
    <Field.Root className="grid gap-1">
      <Field.Label className={labelHidden ? "sr-only" : "font-[550]"}>{label}</Field.Label>
      <Field.Control
        render={
          <select>
            {(Object.keys(options) as Value[]).map((each) => (
              <option key={each} value={each}>
                {options[each]}
              </option>
            ))}
          </select>
        }
        value={value}
        onValueChange={(chosen) => onChange(chosen as Value)}
        disabled={disabled}
        className="w-full rounded-md border border-line-strong bg-surface px-2 py-1.5 disabled:opacity-50"
      />
      {hint !== undefined && <Field.Description className="text-sm text-faint">{hint}</Field.Description>}
    </Field.Root>
  );
}
