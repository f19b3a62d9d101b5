import type { SchemaField } from "#components/schema-form/schema-field.ts";

/** A line of a table of fields. */
export interface SchemaRow {
  /** "limits.perMinute", "steps[]": where it stands. */
  readonly name: string;
  readonly depth: number;
  readonly type: string;
  readonly required: boolean;
  /** "from 1 to 10", "at most 4096 characters". */
  readonly limits: readonly string[];
  /** As JSON; null: there is none. */
  readonly default: string | null;
  readonly description: string | null;
}

/** The fields of a schema, one a line, those within others beneath them. */
export function schemaRows(field: SchemaField): SchemaRow[] {
  return field.kind === "group" ? within(field, 0) : [rowOf("(the whole)", field, 0, true)];
}

function within(field: SchemaField, depth: number): SchemaRow[] {
  if (field.kind === "list") return within(field.item, depth);
  if (field.kind !== "group") return [];
  const named = field.properties.flatMap(({ name, field: own, required }) => [
    rowOf(name, own, depth, required),
    ...within(own, depth + 1),
  ]);
  // Anything beside what is named is no field; what has a shape is.
  const others = field.others !== null && field.others.kind !== "any" ? field.others : null;
  return others ? [...named, rowOf("(any other)", others, depth, false), ...within(others, depth + 1)] : named;
}

function rowOf(name: string, field: SchemaField, depth: number, required: boolean): SchemaRow {
  return {
    name,
    depth,
    type: `${typeOf(field)}${field.nullable ? " or null" : ""}`,
    required,
    limits: limitsOf(field),
    default: field.default === undefined ? null : JSON.stringify(field.default),
    description: field.description ?? field.title,
  };
}

function typeOf(field: SchemaField): string {
  switch (field.kind) {
    case "text":
      return field.format ?? "text";
    case "number":
      return field.whole ? "whole number" : "number";
    case "choice":
      return "one of";
    case "flag":
      return "yes or no";
    case "group":
      return "object";
    case "list":
      return `list of ${typeOf(field.item)}`;
    case "any":
      return "any";
  }
}

function limitsOf(field: SchemaField): string[] {
  switch (field.kind) {
    case "text":
      return [
        ...between(field.minLength, field.maxLength, "characters"),
        ...(field.pattern === null ? [] : [`matches ${field.pattern}`]),
      ];
    case "number": {
      const from = field.minimum === null ? [] : [`${field.above ? "above" : "at least"} ${field.minimum}`];
      const to = field.maximum === null ? [] : [`${field.below ? "below" : "at most"} ${field.maximum}`];
      return [...from, ...to, ...(field.multipleOf === null ? [] : [`a multiple of ${field.multipleOf}`])];
    }
    case "choice":
      return [field.options.map((option) => JSON.stringify(option)).join(", ")];
    case "list": {
      const own = between(field.minItems, field.maxItems, "items");
      const ofItems = field.item.kind === "group" ? [] : limitsOf(field.item).map((limit) => `each ${limit}`);
      return [...own, ...(field.unique ? ["each once"] : []), ...ofItems];
    }
    default:
      return [];
  }
}

function between(least: number | null, most: number | null, what: string): string[] {
  if (least !== null && most !== null) return [`${least} to ${most} ${what}`];
  if (least !== null) return [`at least ${least} ${what}`];
  return most === null ? [] : [`at most ${most} ${what}`];
}
