import { ACTOR_KINDS } from "@muster/domain/actor.ts";
import { API_KEY_KINDS } from "@muster/domain/api-key.ts";
import { ROLES } from "@muster/domain/roles.ts";
import { sql } from "drizzle-orm";
import { type AnyPgColumn, check, foreignKey, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { clock, moment, oneOf } from "../columns.ts";
import { agents } from "./agents.ts";
import { projects } from "./projects.ts";
import { workspaces } from "./workspaces.ts";

/** Credentials of programs and agents. The key itself is shown once and never stored. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: uuid("id").primaryKey(),
    kind: text("kind", { enum: API_KEY_KINDS }).notNull(),
    name: text("name").notNull(),
    /** SHA-256 (hex) of the whole key. */
    hash: text("hash").notNull(),
    /** How far it reaches: an agent's key acts for that agent only; an admin key has none of the three. */
    workspaceId: uuid("workspace_id").references(() => workspaces.id),
    projectId: uuid("project_id"),
    agentId: uuid("agent_id"),
    /** What a program's key may do there: all of the role, or of it only these permissions. */
    role: text("role", { enum: ROLES }),
    permissions: text("permissions").array(),
    creatorKind: text("creator_kind", { enum: ACTOR_KINDS }),
    creatorId: uuid("creator_id"),
    creatorName: text("creator_name"),
    createdAt: moment("created_at").notNull().default(clock),
    expiresAt: moment("expires_at"),
    /** Accurate to a minute. */
    lastUsedAt: moment("last_used_at"),
    revokedAt: moment("revoked_at"),
    /** The key that took its place in a rotation. */
    replacedById: uuid("replaced_by_id").references((): AnyPgColumn => apiKeys.id),
    /** Rises by one with each event about it. */
    version: integer("version").notNull().default(1),
  },
  (table) => [
    foreignKey({
      name: "api_keys_agent_fkey",
      columns: [table.workspaceId, table.projectId, table.agentId],
      foreignColumns: [agents.workspaceId, agents.projectId, agents.id],
    }),
    foreignKey({
      name: "api_keys_project_fkey",
      columns: [table.workspaceId, table.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    check("api_keys_project_check", sql`${table.projectId} is null or ${table.workspaceId} is not null`),
    check("api_keys_role_check", sql`(${table.kind} = 'program') = (${table.role} is not null)`),
    oneOf("api_keys_kind_check", table.kind, API_KEY_KINDS),
    index("api_keys_agent_id_index")
      .on(table.agentId)
      .where(sql`revoked_at is null`),
    // One kind at a time: there are as many keys of agents as agents, and more.
    index("api_keys_workspace_id_kind_id_index").on(table.workspaceId, table.kind, table.id),
    index("api_keys_project_id_kind_id_index").on(table.projectId, table.kind, table.id),
  ],
);
