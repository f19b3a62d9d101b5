import { integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid, index } from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
import { clock, moment } from "../columns.ts";
import { contexts } from "./contexts.ts";

/** An immutable version of a context. Nothing is ever rewritten; a rollback appends. Its data is in `context_contents`, by its hash. */
export const contextVersions = pgTable(
  "context_versions",
  {
    contextId: uuid("context_id")
      .notNull()
      .references(() => contexts.id),
    number: integer("number").notNull(),
    parent: integer("parent"),
    /** Set on the version that a rollback appended: the version whose data it repeats. */
    rolledBackTo: integer("rolled_back_to"),
    /** Set on a version that a rollback skipped: equal data is refused until it is released. */
    heldSince: moment("held_since"),
    message: text("message"),
    /** { kind, id, name } */
    author: jsonb("author").notNull(),
    /** Of the data as compact JSON. */
    sizeBytes: integer("size_bytes").notNull(),
    /** SHA-256 (hex) of the data as canonical JSON (RFC 8785). */
    dataHash: text("data_hash").notNull(),
    /** SHA-256 (hex) over the parent's hash, number, author, message, time and data hash. */
    hash: text("hash").notNull(),
    idempotencyKey: text("idempotency_key"),
    /** Set when the write was merged with what others had written since: the version that its writer had read. */
    mergedFrom: integer("merged_from"),
    /** When retention removed its data; everything else of it stays. */
    prunedAt: moment("pruned_at"),
    createdAt: moment("created_at").notNull().default(clock),
  },
  (table) => [
    primaryKey({ columns: [table.contextId, table.number] }),
    uniqueIndex("context_versions_idempotency_key_key")
      .on(table.contextId, table.idempotencyKey)
      .where(sql`idempotency_key is not null`),
    index("context_versions_held_index")
      .on(table.contextId, table.dataHash)
      .where(sql`held_since is not null`),
    index("context_versions_created_at_index").on(table.contextId, table.createdAt),
    index("context_versions_rolled_back_to_index")
      .on(table.contextId, table.rolledBackTo)
      .where(sql`rolled_back_to is not null`),
  ],
);
