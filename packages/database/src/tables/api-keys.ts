import { API_KEY_KINDS } from "@muster/domain/api-key.ts";
import { sql } from "drizzle-orm";
import { foreignKey, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { clock, moment, oneOf } from "../columns.ts";
import { agents } from "./agents.ts";

/** Credentials of programs and agents. The key itself is shown once and never stored. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: uuid("id").primaryKey(),
    kind: text("kind", { enum: API_KEY_KINDS }).notNull(),
    name: text("name").notNull(),
    /** SHA-256 (hex) of the whole key. */
    hash: text("hash").notNull(),
    /** An agent's key acts for that agent only; an admin key has none of the three. */
    workspaceId: uuid("workspace_id"),
    projectId: uuid("project_id"),
    agentId: uuid("agent_id"),
    createdAt: moment("created_at").notNull().default(clock),
    revokedAt: moment("revoked_at"),
  },
  (table) => [
    foreignKey({
      name: "api_keys_agent_fkey",
      columns: [table.workspaceId, table.projectId, table.agentId],
      foreignColumns: [agents.workspaceId, agents.projectId, agents.id],
    }),
    oneOf("api_keys_kind_check", table.kind, API_KEY_KINDS),
    index("api_keys_agent_id_index")
      .on(table.agentId)
      .where(sql`revoked_at is null`),
  ],
);
