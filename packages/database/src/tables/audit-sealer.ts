import { sql } from "drizzle-orm";
import { bigint, boolean, check, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "../columns.ts";

/** One row: how far events have been sealed, and which process seals now. */
export const auditSealer = pgTable(
  "audit_sealer",
  {
    only: boolean("only").primaryKey().default(true),
    /** The position in the feed up to which events are in the chains; null: nothing was sealed yet. */
    cursor: text("cursor"),
    holder: uuid("holder"),
    leaseUntil: moment("lease_until"),
    /** Rises with each change of holder: the fence of every write. */
    term: bigint("term", { mode: "number" }).notNull().default(0),
  },
  (table) => [check("audit_sealer_only_check", sql`${table.only}`)],
);
