import { index, integer, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";
import { agents } from "./agents.ts";
import { contexts } from "./contexts.ts";

/** Which agents use a context, so that a rollback knows whom to wait for. `version`: the newest one each has read. */
export const contextReaders = pgTable(
  "context_readers",
  {
    contextId: uuid("context_id")
      .notNull()
      .references(() => contexts.id),
    agentId: uuid("agent_id")
      .notNull()
      .references(() => agents.id),
    version: integer("version").notNull(),
    at: moment("at").notNull().default(clock),
  },
  (table) => [
    primaryKey({ columns: [table.contextId, table.agentId] }),
    index("context_readers_agent_id_index").on(table.agentId, table.contextId),
  ],
);
