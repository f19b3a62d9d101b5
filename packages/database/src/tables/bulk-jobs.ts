import { ACTOR_KINDS } from "@muster/domain/actor.ts";
import { AGENT_ACTIONS, TRANSITION_MODES } from "@muster/domain/agent-lifecycle.ts";
import { BULK_JOB_KINDS, BULK_JOB_STATES } from "@muster/domain/bulk-job-lifecycle.ts";
import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { clock, moment, oneOf } from "../columns.ts";
import { projects } from "./projects.ts";

/** The same done to many tasks or agents, which were fixed when it was asked for. */
export const bulkJobs = pgTable(
  "bulk_jobs",
  {
    id: uuid("id").primaryKey(),
    workspaceId: uuid("workspace_id").notNull(),
    projectId: uuid("project_id").notNull(),
    kind: text("kind", { enum: BULK_JOB_KINDS }).notNull(),
    state: text("state", { enum: BULK_JOB_STATES }).notNull().default("RUNNING"),
    stateSince: moment("state_since").notNull().default(clock),
    version: integer("version").notNull().default(1),
    /** The filter as it was asked for; for people, it is not applied again. */
    filter: jsonb("filter").notNull(),
    /** Of TRANSITION: the action to ask of each agent, and how. */
    action: text("action", { enum: AGENT_ACTIONS }),
    mode: text("mode", { enum: TRANSITION_MODES }),
    reason: text("reason").notNull(),
    total: integer("total").notNull(),
    /** The number of the last target whose turn has come; 0 before the first. */
    position: integer("position").notNull().default(0),
    /** Outcomes so far. Those up to `position` that are none of these are being watched. */
    succeeded: integer("succeeded").notNull().default(0),
    skipped: integer("skipped").notNull().default(0),
    failed: integer("failed").notNull().default(0),
    creatorKind: text("creator_kind", { enum: ACTOR_KINDS }).notNull(),
    creatorId: uuid("creator_id"),
    creatorName: text("creator_name").notNull(),
    createdAt: moment("created_at").notNull().default(clock),
    /** Its events carry it. */
    correlationId: text("correlation_id"),
    /** When its targets that are being watched were last looked at, and its progress told. */
    lookedAt: moment("looked_at").notNull().default(clock),
    /** Nothing happens to it any more: it has ended, and no target is being watched. */
    finishedAt: moment("finished_at"),
  },
  (table) => [
    unique("bulk_jobs_workspace_id_project_id_id_key").on(table.workspaceId, table.projectId, table.id),
    foreignKey({
      name: "bulk_jobs_project_fkey",
      columns: [table.workspaceId, table.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    oneOf("bulk_jobs_kind_check", table.kind, BULK_JOB_KINDS),
    check(
      "bulk_jobs_action_check",
      sql`(${table.kind} = 'TRANSITION') = (${table.action} is not null and ${table.mode} is not null)`,
    ),
    oneOf("bulk_jobs_state_check", table.state, BULK_JOB_STATES),
    oneOf("bulk_jobs_creator_kind_check", table.creatorKind, ACTOR_KINDS),
    index("bulk_jobs_project_id_created_at_index").on(table.projectId, table.createdAt, table.id),
    index("bulk_jobs_open_index")
      .on(table.id)
      .where(sql`finished_at is null`),
  ],
);
