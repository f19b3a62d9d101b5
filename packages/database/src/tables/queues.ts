import { sql } from "drizzle-orm";
import { check, foreignKey, integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";
import { projects } from "./projects.ts";

/** The queues of a project: one row each, from the first task or setting on. */
export const queues = pgTable(
  "queues",
  {
    id: uuid("id").primaryKey(),
    workspaceId: uuid("workspace_id").notNull(),
    projectId: uuid("project_id").notNull(),
    name: text("name").notNull(),
    /** While set, none of its tasks is handed out. */
    pausedAt: moment("paused_at"),
    pauseReason: text("pause_reason"),
    /** Who paused it: { kind, id, name }. */
    pausedBy: jsonb("paused_by"),
    /** How many of its tasks agents may hold at once; null: any number. */
    maxRunning: integer("max_running"),
    version: integer("version").notNull().default(1),
    createdAt: moment("created_at").notNull().default(clock),
  },
  (table) => [
    unique("queues_project_id_name_key").on(table.projectId, table.name),
    foreignKey({
      name: "queues_project_fkey",
      columns: [table.workspaceId, table.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    check("queues_max_running_check", sql`${table.maxRunning} between 1 and 1000000`),
  ],
);
