"use client";
import { Field } from "@base-ui/react/field";
import { BOX, FieldFrame } from "#components/schema-form/field-frame.tsx";
import type { FieldProps } from "#components/schema-form/form-context.ts";
import type { TextSchema } from "#components/schema-form/schema-field.ts";

const TYPES: Readonly<Record<string, string>> = { date: "date", password: "password" };
/** Texts that may be longer than this have a box of some lines. */
const LONG = 1_000;

/** A text. Left empty, it is not there. */
export function SchemaTextField(props: FieldProps<TextSchema>) {
  const { field, value, onChange } = props;
  const text = typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
  const free = field.pattern === null && field.format === null;
  const long = text.includes("\n") || (free && (field.maxLength ?? 0) >= LONG);
  const nothing = field.nullable ? null : field.minLength === 0 ? "" : undefined;
  return (
    <FieldFrame {...props}>
      <Field.Control
        {...(long ? { render: <textarea rows={3} /> } : { type: TYPES[field.format ?? ""] ?? "text" })}
        value={text}
        onValueChange={(typed) => onChange(typed === "" ? nothing : typed)}
        placeholder={typeof field.default === "string" ? field.default : undefined}
        autoComplete="off"
        spellCheck={false}
        className={`${BOX} ${free ? "" : "font-mono text-sm leading-5"} ${long ? "resize-y" : ""}`}
      />
    </FieldFrame>
  );
}
