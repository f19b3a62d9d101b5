import type { Json } from "./json.ts";

/** What stands in the place of a secret. */
export const REDACTED = "[redacted]";

type JsonSchema = { readonly [key: string]: Json };

/** Names under which people keep secrets. Counts such as maxTokens are no texts, and so stay. */
const SECRET_NAME =
  /pass(word|wd|phrase|code)|secret|token|credential|authorization|cookie|api[-_ ]?key|private[-_ ]?key|access[-_ ]?key|signing[-_ ]?key|encryption[-_ ]?key|^(pwd|auth|bearer|key)$/i;
/** The name and password in an address. */
const USER_INFO = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@?#]*@/gi;
const MOST_DEPTH = 64;

/**
 * The JSON without its secrets: what the JSON Schema marks `writeOnly` or `format: "password"`, texts under a name that
 * says secret, and names and passwords in addresses.
 */
export function redactSecrets(value: Json, schema: JsonSchema | null = null): Json {
  return redact(value, schema ? [schema] : [], schema ?? {}, false, 0);
}

function redact(value: Json, schemas: readonly JsonSchema[], root: JsonSchema, secret: boolean, depth: number): Json {
  const all = schemas.flatMap((schema) => expand(schema, root, 0));
  if (value !== null && all.some((schema) => schema["writeOnly"] === true || schema["format"] === "password"))
    return REDACTED;
  if (typeof value === "string") return secret ? REDACTED : value.replace(USER_INFO, `$1${REDACTED}@`);
  if (typeof value !== "object" || value === null) return value;
  if (depth > MOST_DEPTH) return REDACTED;
  if (Array.isArray(value))
    return (value as readonly Json[]).map((item, at) => redact(item, itemSchemas(all, at), root, secret, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      redact(part, propertySchemas(all, name), root, secret || SECRET_NAME.test(name), depth + 1),
    ]),
  );
}

/** The schema and all that it is made of, for the same place of the data. */
function expand(schema: JsonSchema, root: JsonSchema, depth: number): JsonSchema[] {
  if (depth > 16) return [];
  const parts = ["allOf", "anyOf", "oneOf"].flatMap((name) =>
    Array.isArray(schema[name]) ? (schema[name] as Json[]) : [],
  );
  const others = ["if", "then", "else"].map((name) => schema[name]);
  const referred = typeof schema["$ref"] === "string" ? resolve(schema["$ref"], root) : undefined;
  return [schema, ...[...parts, ...others, referred].filter(isSchema).flatMap((part) => expand(part, root, depth + 1))];
}

function resolve(reference: string, root: JsonSchema): Json | undefined {
  if (!reference.startsWith("#")) return undefined;
  let found: Json | undefined = root;
  for (const part of reference.slice(1).split("/").slice(1)) {
    if (!isSchema(found)) return undefined;
    found = found[part.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return found;
}

function propertySchemas(schemas: readonly JsonSchema[], name: string): JsonSchema[] {
  return schemas
    .flatMap(({ properties, patternProperties, additionalProperties }) => [
      isSchema(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined,
      // Which pattern matches is for validators to say: any one will do here.
      ...(isSchema(patternProperties) ? Object.values(patternProperties) : []),
      additionalProperties,
    ])
    .filter(isSchema);
}

function itemSchemas(schemas: readonly JsonSchema[], at: number): JsonSchema[] {
  return schemas
    .flatMap(({ items, prefixItems, additionalItems }) => [
      Array.isArray(items) ? (items as Json[])[at] : items,
      Array.isArray(prefixItems) ? (prefixItems as Json[])[at] : undefined,
      additionalItems,
    ])
    .filter(isSchema);
}

function isSchema(value: Json | undefined): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
