import { sql } from "drizzle-orm";
import { bigint, check, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";

export const workspaces = pgTable(
  "workspaces",
  {
    id: uuid("id").primaryKey(),
    slug: text("slug").notNull().unique(),
    name: text("name").notNull(),
    createdAt: moment("created_at").notNull().default(clock),
    version: integer("version").notNull().default(1),
    /** How many tasks its agents may hold at once; null: any number. */
    maxRunningTasks: integer("max_running_tasks"),
    /** Most agents that are not decommissioned; null: any number. */
    maxAgents: integer("max_agents"),
    /** Most agents that run at once (`RUNNING_STATES`); null: any number. */
    maxRunningAgents: integer("max_running_agents"),
    /** Most tasks created in a minute; null: any number. */
    maxTasksPerMinute: integer("max_tasks_per_minute"),
    /** Most contexts; null: any number. */
    maxContexts: integer("max_contexts"),
    /** Most bytes of JSON that its contexts and the inputs and outputs of its tasks may take; null: any number. */
    maxStorageBytes: bigint("max_storage_bytes", { mode: "number" }),
    /** So many of the newest versions of each context keep their data, unless the context says otherwise; null: all. */
    keepContextVersions: integer("keep_context_versions"),
    /** Older events may be removed; null: what the installation says. */
    eventRetentionDays: integer("event_retention_days"),
    /** Events of the workspace with lower ids may have been removed. Raised before any is. */
    eventsRetainedFromId: bigint("events_retained_from_id", { mode: "bigint" })
      .notNull()
      .default(sql`0`),
    /** From this time on every event is there; null when none was ever removed. */
    eventsRetainedSince: moment("events_retained_since"),
  },
  (table) => [
    check("workspaces_event_retention_days_check", sql`${table.eventRetentionDays} between 1 and 36500`),
    check("workspaces_keep_context_versions_check", sql`${table.keepContextVersions} between 1 and 1000000`),
    check("workspaces_max_agents_check", sql`${table.maxAgents} between 1 and 10000000`),
    check("workspaces_max_running_agents_check", sql`${table.maxRunningAgents} between 1 and 10000000`),
    check("workspaces_max_tasks_per_minute_check", sql`${table.maxTasksPerMinute} between 1 and 100000000`),
    check("workspaces_max_contexts_check", sql`${table.maxContexts} between 1 and 100000000`),
    check("workspaces_max_storage_bytes_check", sql`${table.maxStorageBytes} > 0`),
    check("workspaces_max_running_tasks_check", sql`${table.maxRunningTasks} between 1 and 10000000`),
  ],
);
