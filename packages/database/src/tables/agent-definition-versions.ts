import { integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";
import { agentDefinitions } from "./agent-definitions.ts";

/** The immutable versions of a definition: a row is added when anything that agents depend on changes. */
export const agentDefinitionVersions = pgTable(
  "agent_definition_versions",
  {
    definitionId: uuid("definition_id")
      .notNull()
      .references(() => agentDefinitions.id),
    version: integer("version").notNull(),
    type: text("type").notNull(),
    capabilities: text("capabilities").array().notNull(),
    configSchema: jsonb("config_schema").notNull(),
    metadata: jsonb("metadata").notNull(),
    createdAt: moment("created_at").notNull().default(clock),
  },
  (table) => [primaryKey({ columns: [table.definitionId, table.version] })],
);
