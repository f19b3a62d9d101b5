import type { SchemaField } from "#components/schema-form/schema-field.ts";

/** What a form begins with: what has to be there and can only be so, or has a default. Undefined where a person has to say it. */
export function blankValue(field: SchemaField): unknown {
  if (field.default !== undefined) return structuredClone(field.default);
  if (field.nullable) return null;
  switch (field.kind) {
    case "group": {
      const members = field.properties
        .filter(({ required }) => required)
        .map((property): [string, unknown] => [property.name, blankValue(property.field)]);
      return Object.fromEntries(members.filter(([, member]) => member !== undefined));
    }
    case "list":
      return [];
    case "flag":
      return false;
    case "choice":
      return field.options.length === 1 ? field.options[0] : undefined;
    case "text":
    case "number":
    case "any":
      return undefined;
  }
}
