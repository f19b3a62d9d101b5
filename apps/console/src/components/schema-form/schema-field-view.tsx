"use client";
import { SchemaAnyField } from "#components/schema-form/any-field.tsx";
import { SchemaChoiceField } from "#components/schema-form/choice-field.tsx";
import { SchemaFlagField } from "#components/schema-form/flag-field.tsx";
import type { FieldProps } from "#components/schema-form/form-context.ts";
import { SchemaGroupField } from "#components/schema-form/group-field.tsx";
import { SchemaListField } from "#components/schema-form/list-field.tsx";
import { SchemaNumberField } from "#components/schema-form/number-field.tsx";
import { SchemaTextField } from "#components/schema-form/text-field.tsx";

/** One part of a schema's form, by what it is. */
export function SchemaFieldView({ field, ...props }: FieldProps) {
  switch (field.kind) {
    case "text":
      return <SchemaTextField {...props} field={field} />;
    case "number":
      return <SchemaNumberField {...props} field={field} />;
    case "flag":
      return <SchemaFlagField {...props} field={field} />;
    case "choice":
      return <SchemaChoiceField {...props} field={field} />;
    case "group":
      return <SchemaGroupField {...props} field={field} />;
    case "list":
      return <SchemaListField {...props} field={field} />;
    case "any":
      return <SchemaAnyField {...props} field={field} />;
  }
}
