import { bigint, pgTable } from "drizzle-orm/pg-core";
import { xid8 } from "../columns.ts";

/**
 * No transaction from `xid` on has an event whose id is `id` or less: so readers of the feed need not look at old events,
 * nor at old partitions.
 */
export const eventWatermarks = pgTable("event_watermarks", {
  xid: xid8("xid").primaryKey(),
  id: bigint("id", { mode: "bigint" }).notNull(),
});
