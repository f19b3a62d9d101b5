import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";
import { projects } from "./projects.ts";

/**
 * What the tasks have in common that the same agents can take: a lane is looked at once for thousands of tasks. Made with the
 * first task that needs it, never changed and never removed.
 */
export const lanes = pgTable(
  "lanes",
  {
    id: integer("id").generatedAlwaysAsIdentity().primaryKey(),
    workspaceId: uuid("workspace_id").notNull(),
    projectId: uuid("project_id").notNull(),
    queue: text("queue").notNull(),
    capability: text("capability"),
    targetAgentId: uuid("target_agent_id"),
    requiredLabels: jsonb("required_labels").notNull(),
    createdAt: moment("created_at").notNull().default(clock),
  },
  (table) => [
    unique("lanes_workspace_id_project_id_id_key").on(table.workspaceId, table.projectId, table.id),
    unique("lanes_key")
      .on(table.projectId, table.queue, table.capability, table.targetAgentId, table.requiredLabels)
      .nullsNotDistinct(),
    foreignKey({
      name: "lanes_project_fkey",
      columns: [table.workspaceId, table.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    check("lanes_takers_check", sql`${table.capability} is not null or ${table.targetAgentId} is not null`),
    index("lanes_capability_index")
      .on(table.projectId, table.capability)
      .where(sql`target_agent_id is null`),
    index("lanes_target_agent_id_index")
      .on(table.targetAgentId)
      .where(sql`target_agent_id is not null`),
  ],
);
