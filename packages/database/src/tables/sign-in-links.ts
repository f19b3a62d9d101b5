import { sql } from "drizzle-orm";
import { check, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { clock, moment, oneOf } from "../columns.ts";
import { apiKeys } from "./api-keys.ts";
import { users } from "./users.ts";

export const LINK_PURPOSES = ["SIGN_IN", "INVITATION", "PASSWORD_RESET"] as const;

/** One-time links into the console, each for a person or for the key that asked for it; its token is shown once and never stored. */
export const signInLinks = pgTable(
  "sign_in_links",
  {
    /** SHA-256 (hex) of the token. */
    hash: text("hash").primaryKey(),
    apiKeyId: uuid("api_key_id").references(() => apiKeys.id),
    userId: uuid("user_id").references(() => users.id),
    /** Who made it and so has seen it: a person or a key; null for Muster itself. */
    creatorId: uuid("creator_id"),
    purpose: text("purpose", { enum: LINK_PURPOSES }).notNull().default("SIGN_IN"),
    createdAt: moment("created_at").notNull().default(clock),
    expiresAt: moment("expires_at").notNull(),
    usedAt: moment("used_at"),
  },
  (table) => [
    index("sign_in_links_expires_at_index").on(table.expiresAt),
    index("sign_in_links_user_id_index")
      .on(table.userId)
      .where(sql`used_at is null`),
    check("sign_in_links_holder_check", sql`(${table.apiKeyId} is null) <> (${table.userId} is null)`),
    oneOf("sign_in_links_purpose_check", table.purpose, LINK_PURPOSES),
  ],
);
