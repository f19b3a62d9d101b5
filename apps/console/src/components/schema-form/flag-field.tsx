"use client";
import { use } from "react";
import { CheckField } from "#components/check-field.tsx";
import { hintOf } from "#components/schema-form/field-words.ts";
import { FormContext, type FieldProps } from "#components/schema-form/form-context.ts";

/** Something that is so or not; while nothing is said, as the default is. */
export function SchemaFlagField({ name, field, value, onChange }: FieldProps) {
  const { disabled } = use(FormContext);
  const hint = hintOf(field);
  return (
    <CheckField
      label={field.title ?? <span className="font-mono text-sm">{name}</span>}
      checked={(value ?? field.default) === true}
      onChange={onChange}
      disabled={disabled}
      {...(hint !== undefined && { hint })}
    />
  );
}
