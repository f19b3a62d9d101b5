import { ACTOR_KINDS } from "@muster/domain/actor.ts";
import { FAILURE_POLICIES, WORKFLOW_STATES } from "@muster/domain/workflow-lifecycle.ts";
import { sql } from "drizzle-orm";
import { foreignKey, index, integer, pgTable, text, unique, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { clock, moment, oneOf } from "../columns.ts";
import { projects } from "./projects.ts";

/** Tasks that were created together and wait for each other. */
export const workflows = pgTable(
  "workflows",
  {
    id: uuid("id").primaryKey(),
    workspaceId: uuid("workspace_id").notNull(),
    projectId: uuid("project_id").notNull(),
    name: text("name").notNull(),
    state: text("state", { enum: WORKFLOW_STATES }).notNull().default("RUNNING"),
    stateSince: moment("state_since").notNull().default(clock),
    version: integer("version").notNull().default(1),
    /** What becomes of the rest when one of its tasks does not succeed. */
    onFailure: text("on_failure", { enum: FAILURE_POLICIES }).notNull(),
    /** How many tasks it began with. */
    taskCount: integer("task_count").notNull(),
    /** Why someone cancelled it; null when nobody did. */
    cancelReason: text("cancel_reason"),
    idempotencyKey: text("idempotency_key"),
    creatorKind: text("creator_kind", { enum: ACTOR_KINDS }).notNull(),
    creatorId: uuid("creator_id"),
    creatorName: text("creator_name").notNull(),
    createdAt: moment("created_at").notNull().default(clock),
    finishedAt: moment("finished_at"),
  },
  (table) => [
    unique("workflows_workspace_id_project_id_id_key").on(table.workspaceId, table.projectId, table.id),
    foreignKey({
      name: "workflows_project_fkey",
      columns: [table.workspaceId, table.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    oneOf("workflows_state_check", table.state, WORKFLOW_STATES),
    oneOf("workflows_on_failure_check", table.onFailure, FAILURE_POLICIES),
    oneOf("workflows_creator_kind_check", table.creatorKind, ACTOR_KINDS),
    uniqueIndex("workflows_project_id_idempotency_key_key")
      .on(table.projectId, table.idempotencyKey)
      .where(sql`idempotency_key is not null`),
    index("workflows_project_id_created_at_index").on(table.projectId, table.createdAt, table.id),
    index("workflows_project_id_state_created_at_index").on(table.projectId, table.state, table.createdAt, table.id),
  ],
);
