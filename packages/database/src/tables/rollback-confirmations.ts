import { ROLLBACK_STATES } from "@muster/domain/rollback-state.ts";
import { foreignKey, index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
import { clock, moment, oneOf } from "../columns.ts";
import { agents } from "./agents.ts";
import { contextVersions } from "./context-versions.ts";

/** One answer for each agent that was running when a rollback was made. `version` is the one that the rollback appended. */
export const rollbackConfirmations = pgTable(
  "rollback_confirmations",
  {
    contextId: uuid("context_id").notNull(),
    version: integer("version").notNull(),
    agentId: uuid("agent_id")
      .notNull()
      .references(() => agents.id),
    state: text("state", { enum: ROLLBACK_STATES }).notNull().default("PENDING"),
    error: text("error"),
    createdAt: moment("created_at").notNull().default(clock),
    answeredAt: moment("answered_at"),
  },
  (table) => [
    primaryKey({ columns: [table.contextId, table.version, table.agentId] }),
    foreignKey({
      name: "rollback_confirmations_version_fkey",
      columns: [table.contextId, table.version],
      foreignColumns: [contextVersions.contextId, contextVersions.number],
    }),
    oneOf("rollback_confirmations_state_check", table.state, ROLLBACK_STATES),
    index("rollback_confirmations_pending_index")
      .on(table.agentId, table.contextId)
      .where(sql`state = 'PENDING'`),
  ],
);
