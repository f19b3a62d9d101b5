"use client";
import { use } from "react";
import { changeAt, valueAt } from "#components/schema-form/change-at.ts";
import { type FieldProps, FormContext } from "#components/schema-form/form-context.ts";
import { GroupFrame, RemoveButton } from "#components/schema-form/group-frame.tsx";
import { NewProperty } from "#components/schema-form/new-property.tsx";
import type { GroupSchema, SchemaField } from "#components/schema-form/schema-field.ts";

/** What a name holds that the schema does not know, when it allows none of these: it is shown so that it can be removed. */
const UNKNOWN: SchemaField = {
  kind: "any",
  long: false,
  title: null,
  description: null,
  default: undefined,
  nullable: true,
};

/** An object: its properties, then those of other names, which are added and removed. */
export function SchemaGroupField(props: FieldProps<GroupSchema>) {
  const { field, path, required, value, onChange } = props;
  const { Part } = use(FormContext);
  const members = typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
  const known = field.properties.map(({ name }) => name);
  const others = Object.keys(members).filter((name) => !known.includes(name));
  const change = (name: string, to: unknown) => {
    const next = changeAt(members, [name], to) as object;
    // An object that need not be there is not, once nothing is in it.
    onChange(Object.keys(next).length === 0 && !required ? (field.nullable ? null : undefined) : next);
  };
  return (
    <GroupFrame {...props}>
      {field.properties.map((property) => (
        <Part
          key={property.name}
          name={property.name}
          field={property.field}
          path={[...path, property.name]}
          // Of an object that is not there nothing has to be.
          required={property.required && (required || value !== undefined)}
          value={valueAt(members, [property.name])}
          onChange={(to) => change(property.name, to)}
        />
      ))}
      {others.map((name) => (
        <div key={name} className="flex items-start gap-2">
          <div className="grid min-w-0 grow gap-x-3 gap-y-1 sm:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
            <span aria-hidden className="truncate font-mono text-sm leading-[34px]" title={name}>
              {name}
            </span>
            <Part
              name={name}
              field={field.others ?? UNKNOWN}
              path={[...path, name]}
              required
              value={valueAt(members, [name])}
              onChange={(to) => change(name, to ?? "")}
              labelHidden
            />
          </div>
          <RemoveButton label={`Remove ${name}`} onRemove={() => change(name, undefined)} />
        </div>
      ))}
      {field.others !== null && (
        <NewProperty taken={[...known, ...others]} others={field.others} onAdd={(name, blank) => change(name, blank)} />
      )}
    </GroupFrame>
  );
}
