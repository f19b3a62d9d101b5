import { getTableColumns } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";

/**
 * The select list that turns a table's row into the object that Drizzle infers for it:
 * `rowColumns(agents, "moved")` → `moved."state_since" as "stateSince", …`. With `except`, leaves these fields out.
 */
export function rowColumns(table: PgTable, alias: string, except: readonly string[] = []): string {
  return Object.entries(getTableColumns(table))
    .filter(([field]) => !except.includes(field))
    .map(([field, column]) => `${alias}."${column.name}" as "${field}"`)
    .join(", ");
}
