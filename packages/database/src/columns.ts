import { sql, type SQL } from "drizzle-orm";
import { type AnyPgColumn, check, customType, timestamp } from "drizzle-orm/pg-core";

/** A 64-bit transaction id that never wraps, as text. */
export const xid8 = customType<{ data: string }>({ dataType: () => "xid8" });

/** A moment, in UTC, with microseconds in the database and milliseconds in JavaScript. */
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** The current time, not the start of the transaction: `now()` runs backwards between versions. */
export const clock: SQL = sql`clock_timestamp()`;

/** A constraint that lets a column have these values only; they come from the domain's own list. */
export function oneOf(name: string, column: AnyPgColumn, values: readonly string[]) {
  return check(name, sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(", "))})`);
}
