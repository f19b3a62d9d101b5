import { sql } from "drizzle-orm";
import { bigint, check, customType, integer, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";

const bytes = customType<{ data: Buffer }>({ dataType: () => "bytea" });

/** A chain of its own for what belongs to no workspace. */
export const INSTALLATION_CHAIN = "00000000-0000-0000-0000-000000000000";

/**
 * The chain over a workspace's events, a row for each batch that the feed delivered. Each event's hash covers the one before it,
 * so an event that was changed, removed or moved breaks the chain at a place that can be named.
 */
export const auditBlocks = pgTable(
  "audit_blocks",
  {
    /** The workspace, or `INSTALLATION_CHAIN`. */
    chainId: uuid("chain_id").notNull(),
    /** 1, 2, 3, … in each chain. */
    number: bigint("number", { mode: "number" }).notNull(),
    /** The place of its first event in the chain, from 1 on. */
    firstPosition: bigint("first_position", { mode: "number" }).notNull(),
    size: integer("size").notNull(),
    /** Its events, in the order of the chain. */
    eventIds: bigint("event_ids", { mode: "bigint" }).array().notNull(),
    /** Their hashes, 32 bytes each, one after another. */
    hashes: bytes("hashes").notNull(),
    /** The last hash of the block before; 32 zero bytes at the start. */
    previousHash: bytes("previous_hash").notNull(),
    sealedAt: moment("sealed_at").notNull().default(clock),
  },
  (table) => [
    primaryKey({ columns: [table.chainId, table.number] }),
    check(
      "audit_blocks_size_check",
      sql`${table.size} > 0 and cardinality(${table.eventIds}) = ${table.size} and length(${table.hashes}) = 32 * ${table.size}`,
    ),
  ],
);
