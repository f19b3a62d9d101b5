import { createHash } from "node:crypto";

/** SQL text with `$1…` parameters that is prepared once on each connection, and the shape of its rows. */
export interface Statement<Row> {
  readonly name: string;
  readonly text: string;
  /** Only there to carry the type. */
  readonly row?: Row;
}

/**
 * Makes a statement that Postgres prepares once on each connection. `Row` is what one row looks like in JavaScript: name
 * columns as its fields (`state_since as "stateSince"`). bigint comes as text, timestamptz as Date, jsonb parsed.
 */
export function statement<Row>(text: string): Statement<Row> {
  return { name: createHash("sha256").update(text).digest("base64url").slice(0, 24), text };
}
