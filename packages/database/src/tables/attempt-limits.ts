import { index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { moment } from "../columns.ts";

/** How often something was tried in its present window, for limits that hold exactly over all replicas. */
export const attemptLimits = pgTable(
  "attempt_limits",
  {
    /** What is limited: "sign-in address 203.0.113.7", "sign-in account <hash>". */
    key: text("key").primaryKey(),
    count: integer("count").notNull(),
    endsAt: moment("ends_at").notNull(),
  },
  (table) => [index("attempt_limits_ends_at_index").on(table.endsAt)],
);
