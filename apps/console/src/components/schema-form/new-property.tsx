"use client";
import { use, useId, useState } from "react";
import { Button } from "#components/button.tsx";
import { blankValue } from "#components/schema-form/blank-value.ts";
import { BOX } from "#components/schema-form/field-frame.tsx";
import { FormContext } from "#components/schema-form/form-context.ts";
import type { SchemaField } from "#components/schema-form/schema-field.ts";

interface NewPropertyProps {
  readonly taken: readonly string[];
  readonly others: SchemaField;
  readonly onAdd: (name: string, blank: unknown) => void;
}

/** Adds a property of a name that the schema does not list. */
export function NewProperty({ taken, others, onAdd }: NewPropertyProps) {
  const { disabled } = use(FormContext);
  const [name, setName] = useState("");
  const id = useId();
  const twice = taken.includes(name);
  const add = () => {
    if (name === "" || twice) return;
    onAdd(name, blankValue(others) ?? "");
    setName("");
  };
  return (
    <div>
      <div className="flex gap-2">
        <input
          aria-label="Name of a new property"
          aria-invalid={twice || undefined}
          aria-describedby={twice ? id : undefined}
          placeholder="name"
          value={name}
          disabled={disabled}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            // Enter adds the row; it does not send the form around it.
            event.preventDefault();
            add();
          }}
          autoComplete="off"
          spellCheck={false}
          className={`${BOX} max-w-56 font-mono text-sm leading-5`}
        />
        <Button onClick={add} disabled={disabled || name === "" || twice}>
          Add
        </Button>
      </div>
      {twice && (
        <p id={id} className="mt-1 text-sm text-danger">
          There is one of this name.
        </p>
      )}
    </div>
  );
}
