"use client";
import type { ReactNode } from "react";

interface CheckFieldProps {
  readonly label: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly hint?: string;
  readonly disabled?: boolean;
}

/** Something that is so or not, with its label beside it. */
export function CheckField({ label, checked, onChange, hint, disabled = false }: CheckFieldProps) {
  return (
    <label className="flex items-start gap-2.5">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.75 size-3.5 accent-accent"
      />
      <span>
        <span className="font-[550]">{label}</span>
        {hint !== undefined && <span className="block text-sm text-faint">{hint}</span>}
      </span>
    </label>
  );
}
