import { bigint, customType, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { moment } from "../columns.ts";
import { signingKeys } from "./signing-keys.ts";

const bytes = customType<{ data: Buffer }>({ dataType: () => "bytea" });

/** Signed statements of how far a chain went, and its hash there. They outlive the events that retention removes. */
export const auditCheckpoints = pgTable(
  "audit_checkpoints",
  {
    chainId: uuid("chain_id").notNull(),
    /** The place in the chain of the last event that it covers. */
    position: bigint("position", { mode: "number" }).notNull(),
    blockNumber: bigint("block_number", { mode: "number" }).notNull(),
    lastEventId: bigint("last_event_id", { mode: "bigint" }).notNull(),
    hash: bytes("hash").notNull(),
    createdAt: moment("created_at").notNull(),
    signingKeyId: uuid("signing_key_id")
      .notNull()
      .references(() => signingKeys.id),
    /** A compact JWS over all of the above. */
    signature: text("signature").notNull(),
    /** Of the cut where retention has removed what is before: events with ids below may be gone. */
    removedBefore: bigint("removed_before", { mode: "bigint" }),
  },
  (table) => [primaryKey({ columns: [table.chainId, table.position] })],
);
