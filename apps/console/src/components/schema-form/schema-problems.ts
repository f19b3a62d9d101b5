import { type Path, valueAt } from "#components/schema-form/change-at.ts";
import type { NumberSchema, SchemaField, TextSchema } from "#components/schema-form/schema-field.ts";

/** What is wrong at a place. The same as the API's `InputIssue`. */
export interface SchemaProblem {
  readonly path: Path;
  readonly message: string;
}

/** What a form can tell of a value before the API is asked, which has the last word. */
export function schemaProblems(field: SchemaField, value: unknown, path: Path = []): SchemaProblem[] {
  if (value === null && field.nullable) return [];
  const wrong = (message: string): SchemaProblem[] => [{ path, message }];
  switch (field.kind) {
    case "text":
      return typeof value === "string" ? textProblems(field, value).flatMap(wrong) : wrong("must be a text.");
    case "number":
      return typeof value === "number" ? numberProblems(field, value).flatMap(wrong) : wrong("must be a number.");
    case "flag":
      return typeof value === "boolean" ? [] : wrong("must be true or false.");
    case "choice":
      return field.options.includes(value as string) ? [] : wrong("must be one of its choices.");
    case "list": {
      if (!Array.isArray(value)) return wrong("must be a list.");
      const { item, minItems, maxItems } = field;
      return [
        ...(minItems !== null && value.length < minItems
          ? wrong(`must have at least ${counted(minItems, "item")}.`)
          : []),
        ...(maxItems !== null && value.length > maxItems
          ? wrong(`must have at most ${counted(maxItems, "item")}.`)
          : []),
        ...value.flatMap((each, at) => schemaProblems(item, each, [...path, String(at)])),
      ];
    }
    case "group": {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong("must be an object.");
      const known = new Map(field.properties.map((property) => [property.name, property.field]));
      return [
        ...field.properties
          .filter(({ name, required }) => required && valueAt(value, [name]) === undefined)
          .map(({ name }) => ({ path: [...path, name], message: "is required." })),
        ...Object.entries(value).flatMap(([name, each]) => {
          const expected = known.get(name) ?? field.others;
          if (expected === null) return [{ path: [...path, name], message: "is not a property of this." }];
          return schemaProblems(expected, each, [...path, name]);
        }),
      ];
    }
    case "any":
      return [];
  }
}

/**
 * The API's issues at the places that they speak of: a property that is missing or too much is reported of the object around
 * it. `at` is where the value stands in the input; what is beside that is left out.
 */
export function problemsFrom(issues: readonly SchemaProblem[], at: Path): SchemaProblem[] {
  return issues
    .filter(({ path }) => at.every((name, index) => path[index] === name))
    .map(({ path, message }) => {
      const place = path.slice(at.length);
      const missing = /required property '(.+)'/.exec(message)?.[1];
      if (missing !== undefined) return { path: [...place, missing], message: "is required." };
      const extra = /additional properties: (.+)\.$/.exec(message)?.[1];
      if (extra !== undefined) return { path: [...place, extra], message: "is not a property of this." };
      return { path: place, message };
    });
}

function textProblems({ pattern, minLength, maxLength }: TextSchema, value: string): string[] {
  const { length } = [...value];
  if (minLength !== null && length < minLength) return [`must have at least ${counted(minLength, "character")}.`];
  if (maxLength !== null && length > maxLength) return [`must have at most ${counted(maxLength, "character")}.`];
  return pattern !== null && !matches(pattern, value) ? [`must match ${pattern}`] : [];
}

function numberProblems(field: NumberSchema, value: number): string[] {
  const { whole, minimum, maximum, above, below, multipleOf } = field;
  if (whole && !Number.isInteger(value)) return ["must be a whole number."];
  if (minimum !== null && (above ? value <= minimum : value < minimum)) {
    return [`must be ${above ? "more than" : "at least"} ${minimum.toLocaleString("en")}.`];
  }
  if (maximum !== null && (below ? value >= maximum : value > maximum)) {
    return [`must be ${below ? "less than" : "at most"} ${maximum.toLocaleString("en")}.`];
  }
  const steps = multipleOf === null ? 0 : value / multipleOf;
  return Math.abs(steps - Math.round(steps)) > 1e-8 ? [`must be a multiple of ${multipleOf}.`] : [];
}

/** Whether the text matches; yes when the pattern is not one that this browser knows. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    return true;
  }
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
