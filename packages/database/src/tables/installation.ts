import { sql } from "drizzle-orm";
import { bigint, boolean, check, pgTable } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";

/** One row: what tells this installation's feed cursors from another's. */
export const installation = pgTable(
  "installation",
  {
    only: boolean("only").primaryKey().default(true),
    /** Raised by a restore from a dump: transaction ids start again there, so older cursors are void. */
    epoch: bigint("epoch", { mode: "number" }).notNull().default(1),
    createdAt: moment("created_at").notNull().default(clock),
  },
  (table) => [check("installation_only_check", sql`${table.only}`)],
);
