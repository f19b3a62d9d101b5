import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";
import { workspaces } from "./workspaces.ts";

/** What an agent can be. Without a workspace it is shared by the whole installation. `version` is the newest one. */
export const agentDefinitions = pgTable(
  "agent_definitions",
  {
    id: uuid("id").primaryKey(),
    workspaceId: uuid("workspace_id").references(() => workspaces.id),
    slug: text("slug").notNull(),
    name: text("name").notNull(),
    type: text("type").notNull(),
    description: text("description"),
    capabilities: text("capabilities").array().notNull(),
    configSchema: jsonb("config_schema").notNull(),
    metadata: jsonb("metadata").notNull(),
    enabled: boolean("enabled").notNull().default(true),
    version: integer("version").notNull().default(1),
    createdAt: moment("created_at").notNull().default(clock),
    updatedAt: moment("updated_at").notNull().default(clock),
  },
  (table) => [
    uniqueIndex("agent_definitions_workspace_id_slug_key")
      .on(table.workspaceId, table.slug)
      .where(sql`workspace_id is not null`),
    uniqueIndex("agent_definitions_shared_slug_key")
      .on(table.slug)
      .where(sql`workspace_id is null`),
    index("agent_definitions_slug_id_index").on(table.slug, table.id),
  ],
);
