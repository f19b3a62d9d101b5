import { lexicographicSortSchema, printSchema } from "graphql";
import { schema } from "./schema.ts";

/** The text of `schema.graphql`: sorted, so that a change shows as the lines that changed. */
export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
