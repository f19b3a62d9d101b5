import { checkAgainstSchema, type JsonSchema } from "../json-schema.ts";
import type { Json } from "@muster/domain/json.ts";

/** SQL: names a context's schema, so that a write can say which one it was checked against; null where it has none. */
export function schemaHash(alias: string): string {
  return `encode(sha256(convert_to(${alias}.schema::text, 'UTF8')), 'hex')`;
}

/** Throws `InvalidInput`, with paths that begin with `path`, when the data does not match the context's schema. */
export function checkContextData(schema: unknown, data: Json, path: readonly string[]): void {
  if (schema !== null) checkAgainstSchema(schema as JsonSchema, data, path);
}
