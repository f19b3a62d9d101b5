import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { contexts } from "./contexts.ts";

/**
 * The data of a context's versions, each once, however many versions have it: a snapshot, or what turns another data of the
 * same context into it. A version names its data by its hash.
 */
export const contextContents = pgTable(
  "context_contents",
  {
    contextId: uuid("context_id")
      .notNull()
      .references(() => contexts.id),
    /** SHA-256 (hex) of the data as canonical JSON (RFC 8785). */
    dataHash: text("data_hash").notNull(),
    /** The data that `body` is a patch of; null: `body` is a snapshot. */
    baseHash: text("base_hash"),
    /** Rises along each chain of patches, from 0 for its snapshot. */
    depth: integer("depth").notNull(),
    /** Bytes of the patches from the snapshot to here. */
    chainBytes: integer("chain_bytes").notNull(),
    /** JSON on one line: the data, or a JSON Patch (RFC 6902: add, remove, replace). */
    body: text("body").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.contextId, table.dataHash] }),
    foreignKey({
      name: "context_contents_base_fkey",
      columns: [table.contextId, table.baseHash],
      foreignColumns: [table.contextId, table.dataHash],
    }),
    check("context_contents_depth_check", sql`(${table.baseHash} is null) = (${table.depth} = 0)`),
    index("context_contents_base_index")
      .on(table.contextId, table.baseHash)
      .where(sql`base_hash is not null`),
  ],
);
