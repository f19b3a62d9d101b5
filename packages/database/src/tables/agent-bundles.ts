import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";
import { agents } from "./agents.ts";
import { contextVersions } from "./context-versions.ts";

/**
 * The numbered changes of what makes an agent what it is. A row holds what has changed: the agent itself (definition version, config,
 * limits), or one of its own contexts. Bundle n is the newest of each kind up to n.
 */
export const agentBundles = pgTable(
  "agent_bundles",
  {
    agentId: uuid("agent_id")
      .notNull()
      .references(() => agents.id),
    number: integer("number").notNull(),
    /** Of a change of the agent itself, as it was from then on. */
    definitionVersion: integer("definition_version"),
    config: jsonb("config"),
    maxConcurrency: integer("max_concurrency"),
    /** Of a change of a context: its version from then on. */
    contextId: uuid("context_id"),
    contextVersion: integer("context_version"),
    /** Set on the changes that a rollback made: the bundle that it went back to. */
    rolledBackTo: integer("rolled_back_to"),
    reason: text("reason"),
    /** { kind, id, name } */
    author: jsonb("author").notNull(),
    createdAt: moment("created_at").notNull().default(clock),
  },
  (table) => [
    primaryKey({ columns: [table.agentId, table.number] }),
    foreignKey({
      name: "agent_bundles_context_version_fkey",
      columns: [table.contextId, table.contextVersion],
      foreignColumns: [contextVersions.contextId, contextVersions.number],
    }),
    check(
      "agent_bundles_change_check",
      sql`(${table.contextId} is null) = (${table.definitionVersion} is not null and ${table.config} is not null and ${table.maxConcurrency} is not null)
        and (${table.contextId} is null) = (${table.contextVersion} is null)`,
    ),
    index("agent_bundles_agent_index")
      .on(table.agentId, table.number)
      .where(sql`context_id is null`),
    index("agent_bundles_context_index")
      .on(table.agentId, table.contextId, table.number)
      .where(sql`context_id is not null`),
  ],
);

/** The newest bundle's number of each agent. Locked last, after the agent and its contexts. */
export const agentBundleHeads = pgTable("agent_bundle_heads", {
  agentId: uuid("agent_id")
    .primaryKey()
    .references(() => agents.id),
  number: integer("number").notNull(),
});
