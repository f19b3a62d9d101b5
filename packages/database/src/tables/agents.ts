import { AGENT_ACTIONS, AGENT_STATES } from "@muster/domain/agent-lifecycle.ts";
import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { clock, moment, oneOf } from "../columns.ts";
import { agentDefinitionVersions } from "./agent-definition-versions.ts";
import { projects } from "./projects.ts";

export const agents = pgTable(
  "agents",
  {
    id: uuid("id").primaryKey(),
    workspaceId: uuid("workspace_id").notNull(),
    projectId: uuid("project_id").notNull(),
    definitionId: uuid("definition_id").notNull(),
    definitionVersion: integer("definition_version").notNull(),
    name: text("name").notNull(),
    state: text("state", { enum: AGENT_STATES }).notNull().default("REGISTERED"),
    stateSince: moment("state_since").notNull().default(clock),
    /** Rises by one with each transition. */
    version: integer("version").notNull().default(1),
    /** The number of the process that speaks for the agent; the newest wins. 0: none has connected yet. */
    incarnation: integer("incarnation").notNull().default(0),
    capabilities: text("capabilities").array().notNull(),
    labels: jsonb("labels").notNull().default({}),
    config: jsonb("config").notNull().default({}),
    configVersion: integer("config_version").notNull().default(1),
    maxConcurrency: integer("max_concurrency").notNull().default(1),
    /** What its present process can do at once, where it said so: it is given no more, whatever is registered. */
    processConcurrency: integer("process_concurrency"),
    /** How many tasks it holds (ASSIGNED, RUNNING or CANCELLING). */
    activeTasks: integer("active_tasks").notNull().default(0),
    /** The action that fires when the last task ends. */
    pendingAction: text("pending_action", { enum: AGENT_ACTIONS }),
    pendingReason: text("pending_reason"),
    pendingSince: moment("pending_since"),
    /** Who asked for it: { kind, id, name }. */
    pendingActor: jsonb("pending_actor"),
    lastError: text("last_error"),
    errorCount: integer("error_count").notNull().default(0),
    /** Offers in a row that were not started in time; at the limit the assignment channel counts as broken. */
    missedOffers: integer("missed_offers").notNull().default(0),
    createdAt: moment("created_at").notNull().default(clock),
  },
  (table) => [
    unique("agents_workspace_id_project_id_id_key").on(table.workspaceId, table.projectId, table.id),
    unique("agents_project_id_name_key").on(table.projectId, table.name),
    foreignKey({
      name: "agents_project_fkey",
      columns: [table.workspaceId, table.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    foreignKey({
      name: "agents_definition_version_fkey",
      columns: [table.definitionId, table.definitionVersion],
      foreignColumns: [agentDefinitionVersions.definitionId, agentDefinitionVersions.version],
    }),
    oneOf("agents_state_check", table.state, AGENT_STATES),
    oneOf("agents_pending_action_check", table.pendingAction, AGENT_ACTIONS),
    check("agents_active_tasks_check", sql`${table.activeTasks} >= 0`),
    check("agents_process_concurrency_check", sql`${table.processConcurrency} between 1 and 1000`),
    check("agents_max_concurrency_check", sql`${table.maxConcurrency} between 1 and 1000`),
    index("agents_project_id_state_index").on(table.projectId, table.state, table.id),
    index("agents_project_id_name_id_index").on(table.projectId, table.name, table.id),
    index("agents_project_id_state_since_index").on(table.projectId, table.stateSince, table.id),
    index("agents_project_id_created_at_index").on(table.projectId, table.createdAt, table.id),
    index("agents_definition_id_index").on(table.definitionId, table.id),
    index("agents_capabilities_index").using("gin", table.capabilities),
    index("agents_labels_index").using("gin", table.labels),
    index("agents_deploying_index")
      .on(table.stateSince)
      .where(sql`state = 'DEPLOYING'`),
    index("agents_working_index")
      .on(table.id)
      .where(sql`state in ('ONLINE', 'IDLE', 'BUSY', 'UNRESPONSIVE')`),
  ],
);
