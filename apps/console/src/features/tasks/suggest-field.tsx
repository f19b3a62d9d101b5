"use client";
import { useId } from "react";
import { TextField } from "#components/text-field.tsx";

interface SuggestFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly suggestions: readonly string[] | undefined;
  readonly hint?: string;
  readonly problem?: string | undefined;
  readonly placeholder?: string;
  readonly required?: boolean;
}

/** A text, of which some are suggested by the browser's own list. */
export function SuggestField({ suggestions = [], ...props }: SuggestFieldProps) {
  const id = useId();
  return (
    <>
      <TextField {...props} list={id} maxLength={255} />
      <datalist id={id}>
        {suggestions.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </datalist>
    </>
  );
}
