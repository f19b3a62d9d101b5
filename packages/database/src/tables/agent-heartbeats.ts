import { bigint, doublePrecision, integer, pgTable, uuid } from "drizzle-orm/pg-core";
import { moment } from "../columns.ts";
import { agents } from "./agents.ts";

/**
 * The last heartbeat of each agent, apart from `agents`: heartbeats come every few seconds and must neither wait for
 * transitions nor hold them up. No index on `at`, so that each one is a HOT update.
 */
export const agentHeartbeats = pgTable("agent_heartbeats", {
  agentId: uuid("agent_id")
    .primaryKey()
    .references(() => agents.id),
  incarnation: integer("incarnation").notNull(),
  sequence: bigint("sequence", { mode: "number" }).notNull(),
  load: doublePrecision("load"),
  at: moment("at").notNull(),
});
