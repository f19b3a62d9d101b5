import { sql } from "drizzle-orm";
import { check, doublePrecision, foreignKey, integer, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";
import { projects } from "./projects.ts";

/** How many tasks that name the key may be handed out in a period: a token bucket that is full at first. */
export const rateLimits = pgTable(
  "rate_limits",
  {
    id: uuid("id").primaryKey(),
    workspaceId: uuid("workspace_id").notNull(),
    projectId: uuid("project_id").notNull(),
    key: text("key").notNull(),
    /** The bucket's size, and how many tokens come back evenly in `periodMs`. */
    max: integer("max").notNull(),
    periodMs: integer("period_ms").notNull(),
    /** Tokens there were at `refilledAt`. */
    tokens: doublePrecision("tokens").notNull(),
    refilledAt: moment("refilled_at").notNull().default(clock),
    version: integer("version").notNull().default(1),
    createdAt: moment("created_at").notNull().default(clock),
  },
  (table) => [
    unique("rate_limits_project_id_key_key").on(table.projectId, table.key),
    foreignKey({
      name: "rate_limits_project_fkey",
      columns: [table.workspaceId, table.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    check("rate_limits_max_check", sql`${table.max} between 1 and 1000000`),
    check("rate_limits_period_ms_check", sql`${table.periodMs} between 1 and 86400000`),
    check("rate_limits_tokens_check", sql`${table.tokens} >= 0`),
  ],
);
