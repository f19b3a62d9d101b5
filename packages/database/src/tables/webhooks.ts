import { WEBHOOK_STATES } from "@muster/domain/webhook-lifecycle.ts";
import { sql } from "drizzle-orm";
import { foreignKey, index, integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { clock, moment, oneOf } from "../columns.ts";
import { projects } from "./projects.ts";

/** Who is sent the events of a project by HTTP, and how far that has come. */
export const webhooks = pgTable(
  "webhooks",
  {
    id: uuid("id").primaryKey(),
    workspaceId: uuid("workspace_id").notNull(),
    projectId: uuid("project_id").notNull(),
    name: text("name").notNull(),
    url: text("url").notNull(),
    /** Which events, as it was given: ids are public ones. */
    filter: jsonb("filter").notNull(),
    /** What deliveries are signed with, sealed; during a rotation the one before signs too. */
    secret: text("secret").notNull(),
    previousSecret: text("previous_secret"),
    previousSecretUntil: moment("previous_secret_until"),
    state: text("state", { enum: WEBHOOK_STATES }).notNull().default("ACTIVE"),
    pausedReason: text("paused_reason"),
    stateSince: moment("state_since").notNull().default(clock),
    /** The position in the feed up to which events have been queued. */
    cursor: text("cursor").notNull(),
    /** Attempts that have failed since one last succeeded. */
    failures: integer("failures").notNull().default(0),
    /** After a failure nothing is sent before this time. */
    retryAt: moment("retry_at"),
    /** Rises by one with each event about it. */
    version: integer("version").notNull().default(1),
    createdAt: moment("created_at").notNull().default(clock),
    updatedAt: moment("updated_at").notNull().default(clock),
  },
  (table) => [
    foreignKey({
      name: "webhooks_project_fkey",
      columns: [table.workspaceId, table.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    oneOf("webhooks_state_check", table.state, WEBHOOK_STATES),
    unique("webhooks_project_id_name_key").on(table.projectId, table.name),
    index("webhooks_active_index")
      .on(table.id)
      .where(sql`state = 'ACTIVE'`),
  ],
);
