import { ACTOR_KINDS } from "@muster/domain/actor.ts";
import { sql } from "drizzle-orm";
import { bigint, index, inet, integer, jsonb, pgSequence, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { clock, moment, oneOf, xid8 } from "../columns.ts";

/** A sequence of its own: PostgreSQL before 17 has no identity columns on partitioned tables. */
export const eventsIdSequence = pgSequence("events_id_seq");

/**
 * The one log. In the database it is partitioned by ranges of `id` (see the migration): Drizzle cannot say so.
 * `agentId`, `taskId` and `contextId` name all that an event concerns, so that each has its timeline by one index.
 */
export const events = pgTable(
  "events",
  {
    /** Before `id`: a transaction has its number before it draws an id, which the watermarks rely on. */
    xid: xid8("xid")
      .notNull()
      .default(sql`pg_current_xact_id()`),
    id: bigint("id", { mode: "bigint" })
      .primaryKey()
      .default(sql`nextval('events_id_seq')`),
    workspaceId: uuid("workspace_id"),
    projectId: uuid("project_id"),
    type: text("type").notNull(),
    subjectId: uuid("subject_id").notNull(),
    subjectVersion: integer("subject_version").notNull(),
    agentId: uuid("agent_id"),
    taskId: uuid("task_id"),
    contextId: uuid("context_id"),
    actorKind: text("actor_kind", { enum: ACTOR_KINDS }).notNull(),
    actorId: uuid("actor_id"),
    actorName: text("actor_name").notNull(),
    reason: text("reason"),
    correlationId: text("correlation_id"),
    /** The API key or session that was used; null for Muster itself. */
    credentialId: uuid("credential_id"),
    /** Where the request came from. */
    address: inet("address"),
    payload: jsonb("payload").notNull(),
    /** Of the agent that the event concerns, as they were then; null when it concerns none. */
    labels: jsonb("labels"),
    at: moment("at").notNull().default(clock),
  },
  (table) => [
    oneOf("events_actor_kind_check", table.actorKind, ACTOR_KINDS),
    index("events_xid_id_index").on(table.xid, table.id),
    index("events_project_id_id_index").on(table.projectId, table.id),
    index("events_agent_id_id_index")
      .on(table.agentId, table.id)
      .where(sql`agent_id is not null`),
    index("events_task_id_id_index")
      .on(table.taskId, table.id)
      .where(sql`task_id is not null`),
    index("events_context_id_id_index")
      .on(table.contextId, table.id)
      .where(sql`context_id is not null`),
    // Its states: few, where it is always at work, among the events of thousands of tasks.
    index("events_agent_transitions_index")
      .on(table.agentId, table.id)
      .where(sql`type = 'agent.transitioned'`),
    // What belongs to no project: sign-ins, people, keys and settings of a workspace or of the installation.
    index("events_workspace_id_id_index")
      .on(table.workspaceId, table.id)
      .where(sql`project_id is null`),
    // What an agent's process may have to be told: few, among the events of thousands of tasks.
    index("events_agent_requests_index")
      .on(table.agentId, table.id)
      .where(
        sql`type in ('agent.connected', 'agent.drain_requested', 'agent.drain_cancelled', 'agent.transitioned') and coalesce(payload ->> 'action', '') not in ('ASSIGN', 'RELEASE')`,
      ),
  ],
);
