import { ROLLBACK_STATES } from "@muster/domain/rollback-state.ts";
import { sql } from "drizzle-orm";
import {
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { clock, moment, oneOf } from "../columns.ts";
import { agents } from "./agents.ts";
import { projects } from "./projects.ts";

/** Named, versioned memory of an agent, or, without one, of the whole project. */
export const contexts = pgTable(
  "contexts",
  {
    id: uuid("id").primaryKey(),
    workspaceId: uuid("workspace_id").notNull(),
    projectId: uuid("project_id").notNull(),
    agentId: uuid("agent_id"),
    name: text("name").notNull(),
    /** The newest version's number; 0 before the first write. */
    currentVersion: integer("current_version").notNull().default(0),
    /** The version that the last rollback went back to, and whether the agents have loaded it. */
    rollbackPointer: integer("rollback_pointer"),
    rollbackState: text("rollback_state", { enum: ROLLBACK_STATES }),
    /** The number of the version that the last rollback appended: older bases are refused. */
    rollbackVersion: integer("rollback_version"),
    rollbackSince: moment("rollback_since"),
    /** A JSON Schema that new data has to match; null: any data. */
    schema: jsonb("schema"),
    /** So many of the newest versions keep their data; null: what the workspace says. */
    keepVersions: integer("keep_versions"),
    /** Retention has judged the versions up to this one. */
    prunedThrough: integer("pruned_through").notNull().default(0),
    /** The version of another context that this one was started from. */
    forkedFromId: uuid("forked_from_id"),
    forkedFromVersion: integer("forked_from_version"),
    createdAt: moment("created_at").notNull().default(clock),
  },
  (table) => [
    unique("contexts_workspace_id_project_id_id_key").on(table.workspaceId, table.projectId, table.id),
    foreignKey({
      name: "contexts_project_fkey",
      columns: [table.workspaceId, table.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    foreignKey({
      name: "contexts_agent_fkey",
      columns: [table.workspaceId, table.projectId, table.agentId],
      foreignColumns: [agents.workspaceId, agents.projectId, agents.id],
    }),
    oneOf("contexts_rollback_state_check", table.rollbackState, ROLLBACK_STATES),
    uniqueIndex("contexts_agent_id_name_key")
      .on(table.agentId, table.name)
      .where(sql`agent_id is not null`),
    uniqueIndex("contexts_project_id_name_key")
      .on(table.projectId, table.name)
      .where(sql`agent_id is null`),
    index("contexts_project_id_name_index").on(table.projectId, table.name, table.id),
    check("contexts_keep_versions_check", sql`${table.keepVersions} between 1 and 1000000`),
    foreignKey({
      name: "contexts_forked_from_fkey",
      columns: [table.workspaceId, table.projectId, table.forkedFromId],
      foreignColumns: [table.workspaceId, table.projectId, table.id],
    }),
    // What retention has not judged yet, by how much it is.
    index("contexts_unjudged_index").on(table.workspaceId, sql`(current_version - pruned_through)`),
    // The same for those with a limit of their own, by how far they are past it.
    index("contexts_keep_versions_index")
      .on(sql`(current_version - pruned_through - keep_versions - greatest(10, keep_versions / 10))`)
      .where(sql`keep_versions is not null`),
    index("contexts_forked_from_index")
      .on(table.forkedFromId, table.id)
      .where(sql`forked_from_id is not null`),
    index("contexts_pending_index")
      .on(table.rollbackSince)
      .where(sql`rollback_state = 'PENDING'`),
  ],
);
