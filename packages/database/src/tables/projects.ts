import { integer, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";
import { workspaces } from "./workspaces.ts";

export const projects = pgTable(
  "projects",
  {
    id: uuid("id").primaryKey(),
    workspaceId: uuid("workspace_id")
      .notNull()
      .references(() => workspaces.id),
    slug: text("slug").notNull(),
    name: text("name").notNull(),
    createdAt: moment("created_at").notNull().default(clock),
    /** Rises by one with each change. */
    version: integer("version").notNull().default(1),
  },
  (table) => [
    unique("projects_workspace_id_id_key").on(table.workspaceId, table.id),
    unique("projects_workspace_id_slug_key").on(table.workspaceId, table.slug),
  ],
);
