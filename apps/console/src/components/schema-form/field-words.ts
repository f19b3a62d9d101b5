import type { SchemaField } from "#components/schema-form/schema-field.ts";

/** What stands below a field: what it is for, its limits and what it is when nothing is said. */
export function hintOf(field: SchemaField): string | undefined {
  const words = [field.description && endedBy(field.description, "."), limitsOf(field), defaultOf(field)];
  return words.filter(Boolean).join(" ") || undefined;
}

function limitsOf(field: SchemaField): string | null {
  switch (field.kind) {
    case "number": {
      const { minimum, maximum, above, below, whole } = field;
      const from = minimum === null ? null : `${above ? "more than" : "at least"} ${minimum.toLocaleString("en")}`;
      const to = maximum === null ? null : `${below ? "less than" : "at most"} ${maximum.toLocaleString("en")}`;
      if (minimum !== null && maximum !== null && !above && !below) {
        return `${minimum.toLocaleString("en")} to ${maximum.toLocaleString("en")}.`;
      }
      const limits = [whole ? "a whole number" : null, from, to].filter((each) => each !== null).join(", ");
      return limits === "" ? null : endedBy(limits.charAt(0).toUpperCase() + limits.slice(1), ".");
    }
    case "text":
      if (field.format === "date-time") return "A time such as 2026-11-21T14:02:11Z.";
      if (field.format === "uri") return "An address such as https://example.com.";
      return null;
    case "list": {
      const { minItems, maxItems } = field;
      if (minItems !== null && maxItems !== null) return `${minItems} to ${maxItems} items.`;
      return minItems !== null && minItems > 0
        ? `At least ${minItems}.`
        : maxItems !== null
          ? `At most ${maxItems}.`
          : null;
    }
    case "any":
      return field.long ? "As JSON." : "Numbers, true, false, null and JSON are read as such; anything else is a text.";
    default:
      return null;
  }
}

function defaultOf(field: SchemaField): string | null {
  if (field.default === undefined || field.default === null || field.kind === "group") return null;
  return `Default: ${typeof field.default === "string" ? field.default : JSON.stringify(field.default)}.`;
}

function endedBy(text: string, mark: string): string {
  return /[.!?…]$/.test(text) ? text : text + mark;
}
