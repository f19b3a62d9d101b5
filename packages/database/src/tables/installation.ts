import { sql } from "drizzle-orm";
import { bigint, boolean, check, pgTable, text } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";

/** One row: what tells this installation's feed cursors from another's. */
export const installation = pgTable(
  "installation",
  {
    only: boolean("only").primaryKey().default(true),
    /** Raised by a restore from a dump: transaction ids start again there, so older cursors are void. */
    epoch: bigint("epoch", { mode: "number" }).notNull().default(1),
    createdAt: moment("created_at").notNull().default(clock),
    /** The cluster and database in which the log was last written; another one now means a restore. Null: not known yet. */
    database: text("database"),
    /** Events with lower ids may have been removed, with their partitions. Raised before any is. */
    eventsRetainedFromId: bigint("events_retained_from_id", { mode: "bigint" })
      .notNull()
      .default(sql`0`),
    /** From this time on every event is there; null when none was ever removed. */
    eventsRetainedSince: moment("events_retained_since"),
  },
  (table) => [check("installation_only_check", sql`${table.only}`)],
);
