"use client";
import { Field } from "@base-ui/react/field";
import { BOX, FieldFrame } from "#components/schema-form/field-frame.tsx";
import type { FieldProps } from "#components/schema-form/form-context.ts";
import type { ChoiceSchema } from "#components/schema-form/schema-field.ts";

/** One of some values; also none, where it may be left out. */
export function SchemaChoiceField(props: FieldProps<ChoiceSchema>) {
  const { field, value, onChange, required } = props;
  const index = field.options.findIndex((option) => option === value);
  const leaveOut = !required || field.nullable;
  return (
    <FieldFrame {...props}>
      <Field.Control
        render={
          <select>
            {(leaveOut || index < 0) && (
              <option value="" disabled={!leaveOut}>
                {leaveOut ? "Not set" : "Choose…"}
              </option>
            )}
            {field.options.map((option, at) => (
              <option key={String(option)} value={at}>
                {String(option)}
              </option>
            ))}
          </select>
        }
        value={index < 0 ? "" : String(index)}
        onValueChange={(chosen) =>
          onChange(chosen === "" ? (field.nullable ? null : undefined) : field.options[Number(chosen)])
        }
        className={BOX}
      />
    </FieldFrame>
  );
}
