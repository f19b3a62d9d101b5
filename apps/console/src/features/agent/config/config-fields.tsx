"use client";
import { anyText } from "#components/schema-form/any-text.ts";
import { valueAt } from "#components/schema-form/change-at.ts";
import { hintOf } from "#components/schema-form/field-words.ts";
import type { GroupSchema, SchemaField } from "#components/schema-form/schema-field.ts";

interface ConfigFieldsProps {
  readonly field: GroupSchema;
  readonly value: unknown;
}

/** A config to read: each field with its value, or what it is when nothing is said. */
export function ConfigFields({ field, value }: ConfigFieldsProps) {
  const members = typeof value === "object" && value !== null ? Object.keys(value) : [];
  const known = field.properties.map(({ name }) => name);
  const others = members.filter((name) => !known.includes(name));
  if (known.length + others.length === 0) return <p className="px-4 py-3 text-muted">There is nothing to set.</p>;
  return (
    <dl className="divide-y divide-line">
      {field.properties.map(({ name, field: property }) => (
        <Row key={name} name={name} field={property} value={valueAt(value, [name])} />
      ))}
      {others.map((name) => (
        <Row key={name} name={name} field={null} value={valueAt(value, [name])} />
      ))}
    </dl>
  );
}

interface RowProps {
  readonly name: string;
  readonly field: SchemaField | null;
  readonly value: unknown;
}

function Row({ name, field, value }: RowProps) {
  const hint = field === null ? undefined : field.kind === "any" ? (field.description ?? undefined) : hintOf(field);
  return (
    <div className="grid gap-x-6 gap-y-0.5 px-4 py-2.5 sm:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
      <dt className="min-w-0 font-mono text-sm leading-5 font-semibold wrap-anywhere" title={field?.title ?? undefined}>
        {name}
      </dt>
      <dd className="min-w-0">
        {value !== undefined ? (
          <span className="font-mono text-sm leading-5 wrap-anywhere whitespace-pre-wrap">
            {typeof value === "object" ? JSON.stringify(value, null, 2) : anyText(value)}
          </span>
        ) : field?.default === undefined ? (
          <span className="text-faint">not set</span>
        ) : (
          <span className="font-mono text-sm leading-5 text-faint">{anyText(field.default)} (default)</span>
        )}
        {hint !== undefined && <span className="block text-sm text-faint">{hint}</span>}
      </dd>
    </div>
  );
}
