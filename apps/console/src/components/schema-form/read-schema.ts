import type { FieldWords, GroupSchema, SchemaField } from "#components/schema-form/schema-field.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Deeper than this nobody reads a form. */
const DEEPEST = 5;
/** What changes the meaning of the rest in ways that a form has no words for. */
const TOO_MUCH = ["allOf", "not", "if", "dependentSchemas", "dependentRequired", "patternProperties", "prefixItems"];

/**
 * The form of a JSON Schema, of the part that configurations are written in: objects, texts, numbers, choices, lists. What it has
 * no form for is asked for as JSON. Of a schema that is not an object (null: there is none), everything is.
 */
export function readSchema(schema: unknown): SchemaField {
  return read(schema, isSchema(schema) ? schema : {}, 0);
}

function read(given: unknown, root: Schema, depth: number): SchemaField {
  const found = isSchema(given) ? resolved(given, root) : null;
  if (found === null) return { ...wordsOf({}, false), kind: "any", long: given !== true };
  const { schema, nullable } = withoutNull(found, root);
  const words = wordsOf({ ...found, ...schema }, nullable);
  const any = (long: boolean): SchemaField => ({ ...words, kind: "any", long });
  if (TOO_MUCH.some((keyword) => keyword in schema) || "anyOf" in schema || "oneOf" in schema) return any(true);

  const options = optionsOf(schema);
  if (options) return options.every(isScalar) ? { ...words, kind: "choice", options } : any(true);
  switch (typeOf(schema)) {
    case "string":
      return {
        ...words,
        kind: "text",
        pattern: textOf(schema["pattern"]),
        format: textOf(schema["format"]),
        minLength: numberOf(schema["minLength"]),
        maxLength: numberOf(schema["maxLength"]),
      };
    case "integer":
    case "number": {
      const [above, below] = [numberOf(schema["exclusiveMinimum"]), numberOf(schema["exclusiveMaximum"])];
      return {
        ...words,
        kind: "number",
        whole: typeOf(schema) === "integer",
        minimum: above ?? numberOf(schema["minimum"]),
        maximum: below ?? numberOf(schema["maximum"]),
        above: above !== null,
        below: below !== null,
        multipleOf: numberOf(schema["multipleOf"]),
      };
    }
    case "boolean":
      return { ...words, kind: "flag" };
    case "object":
      return depth < DEEPEST ? groupOf(schema, root, words, depth) : any(true);
    case "array":
      if (depth >= DEEPEST) return any(true);
      return {
        ...words,
        kind: "list",
        item: read(schema["items"] ?? true, root, depth + 1),
        minItems: numberOf(schema["minItems"]),
        maxItems: numberOf(schema["maxItems"]),
        unique: schema["uniqueItems"] === true,
      };
    default:
      return any(schema["type"] !== undefined);
  }
}

function groupOf(schema: Schema, root: Schema, words: FieldWords, depth: number): GroupSchema {
  const properties = isSchema(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const others = schema["additionalProperties"] ?? schema["unevaluatedProperties"] ?? true;
  return {
    ...words,
    kind: "group",
    // What has to be said comes first; the database keeps no order of its own that would tell more.
    properties: Object.entries(properties)
      .map(([name, property]) => ({
        name,
        field: read(property, root, depth + 1),
        required: required.includes(name),
      }))
      .sort((one, other) => Number(other.required) - Number(one.required)),
    others: others === false ? null : read(others, root, depth + 1),
  };
}

/** What a reference within the schema leads to; null when it leads nowhere, or round in a circle. */
function resolved(schema: Schema, root: Schema): Schema | null {
  let at = schema;
  for (let steps = 0; typeof at["$ref"] === "string"; steps += 1) {
    const { $ref, ...rest } = at;
    if (steps > DEEPEST || !$ref.toString().startsWith("#")) return null;
    let target: unknown = root;
    for (const token of decodeURIComponent(String($ref).slice(1)).split("/").slice(1)) {
      target = isSchema(target) ? target[token.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
    }
    if (!isSchema(target)) return null;
    at = { ...target, ...rest };
  }
  return at;
}

/** The schema of what is not null, when null is the only alternative to it. */
function withoutNull(schema: Schema, root: Schema): { readonly schema: Schema; readonly nullable: boolean } {
  const { type } = schema;
  if (Array.isArray(type) && type.length === 2 && type.includes("null")) {
    return { schema: { ...schema, type: type.find((each) => each !== "null") as unknown }, nullable: true };
  }
  for (const keyword of ["anyOf", "oneOf"]) {
    const { [keyword]: ways, ...rest } = schema;
    if (!Array.isArray(ways)) continue;
    const others = ways.filter((way) => !(isSchema(way) && way["type"] === "null"));
    const [only] = others.map((way) => (isSchema(way) ? resolved(way, root) : null));
    if (others.length !== 1 || !only) continue;
    return { schema: { ...rest, ...only }, nullable: others.length < ways.length };
  }
  return { schema, nullable: type === "null" };
}

function optionsOf(schema: Schema): unknown[] | null {
  if ("const" in schema) return [schema["const"]];
  return Array.isArray(schema["enum"]) ? schema["enum"].filter((option) => option !== null) : null;
}

function typeOf(schema: Schema): unknown {
  return schema["type"] ?? ("properties" in schema ? "object" : "items" in schema ? "array" : undefined);
}

function wordsOf(schema: Schema, nullable: boolean): FieldWords {
  return {
    title: textOf(schema["title"]),
    description: textOf(schema["description"]),
    default: schema["default"],
    nullable,
  };
}

function isScalar(value: unknown): value is string | number | boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const textOf = (value: unknown) => (typeof value === "string" ? value : null);
const numberOf = (value: unknown) => (typeof value === "number" ? value : null);
