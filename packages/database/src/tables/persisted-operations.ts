import { pgTable, text } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";

/** Documents that clients name by their hash; with persisted operations only, no others are run. */
export const persistedOperations = pgTable("persisted_operations", {
  /** SHA-256 (hex) of the text. */
  hash: text("hash").primaryKey(),
  text: text("text").notNull(),
  createdAt: moment("created_at").notNull().default(clock),
});
