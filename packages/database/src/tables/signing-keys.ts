import { index, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { clock, moment, oneOf } from "../columns.ts";

export const SIGNING_PURPOSES = ["TOKEN", "AUDIT"] as const;

/** What short-lived tokens and audit checkpoints are signed with. The newest that is not retired signs; all verify. */
export const signingKeys = pgTable(
  "signing_keys",
  {
    /** The kid. */
    id: uuid("id").primaryKey(),
    purpose: text("purpose", { enum: SIGNING_PURPOSES }).notNull(),
    /** As a JWK. */
    publicKey: jsonb("public_key").notNull(),
    /** PKCS #8, sealed. */
    privateKey: text("private_key").notNull(),
    createdAt: moment("created_at").notNull().default(clock),
    /** From now on it signs nothing. */
    retiredAt: moment("retired_at"),
    /** From now on nothing that it has signed is taken; null for audit keys, whose signatures hold for ever. */
    expiresAt: moment("expires_at"),
  },
  (table) => [
    oneOf("signing_keys_purpose_check", table.purpose, SIGNING_PURPOSES),
    index("signing_keys_purpose_created_at_index").on(table.purpose, table.createdAt),
  ],
);
