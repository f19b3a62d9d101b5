import { pgTable, text, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";

export const workspaces = pgTable("workspaces", {
  id: uuid("id").primaryKey(),
  slug: text("slug").notNull().unique(),
  name: text("name").notNull(),
  createdAt: moment("created_at").notNull().default(clock),
});
