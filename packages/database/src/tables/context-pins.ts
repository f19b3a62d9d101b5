import { foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";
import { contextVersions } from "./context-versions.ts";

/** Names that people give to versions, as in "before migration": retention never removes the data of these. */
export const contextPins = pgTable(
  "context_pins",
  {
    contextId: uuid("context_id").notNull(),
    /** Unique in its context. */
    name: text("name").notNull(),
    number: integer("number").notNull(),
    /** Who pinned it: { kind, id, name }. */
    author: jsonb("author").notNull(),
    createdAt: moment("created_at").notNull().default(clock),
  },
  (table) => [
    primaryKey({ columns: [table.contextId, table.name] }),
    foreignKey({
      name: "context_pins_version_fkey",
      columns: [table.contextId, table.number],
      foreignColumns: [contextVersions.contextId, contextVersions.number],
    }),
    index("context_pins_number_index").on(table.contextId, table.number),
  ],
);
