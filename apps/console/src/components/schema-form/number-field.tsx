"use client";
import { Field } from "@base-ui/react/field";
import { useState } from "react";
import { BOX, FieldFrame } from "#components/schema-form/field-frame.tsx";
import type { FieldProps } from "#components/schema-form/form-context.ts";
import type { NumberSchema } from "#components/schema-form/schema-field.ts";

/** A number. What is typed and is none stays in the box as it is, and is said to be wrong. */
export function SchemaNumberField(props: FieldProps<NumberSchema>) {
  const { field, value, onChange } = props;
  const [typed, setTyped] = useState("");
  const text =
    typed !== "" && Number(typed) === value ? typed : value === undefined || value === null ? "" : String(value);
  return (
    <FieldFrame {...props}>
      <Field.Control
        inputMode={field.whole && (field.minimum ?? -1) >= 0 ? "numeric" : "text"}
        value={text}
        onValueChange={(next) => {
          setTyped(next);
          const number = Number(next);
          if (next.trim() === "") onChange(field.nullable ? null : undefined);
          else onChange(Number.isFinite(number) ? number : next);
        }}
        placeholder={typeof field.default === "number" ? String(field.default) : undefined}
        autoComplete="off"
        className={`${BOX} tabular-nums`}
      />
    </FieldFrame>
  );
}
