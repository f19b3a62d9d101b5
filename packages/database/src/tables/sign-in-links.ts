import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";
import { apiKeys } from "./api-keys.ts";

/** One-time links into the console. Each stands for the key that asked for it; its token is shown once and never stored. */
export const signInLinks = pgTable(
  "sign_in_links",
  {
    /** SHA-256 (hex) of the token. */
    hash: text("hash").primaryKey(),
    apiKeyId: uuid("api_key_id")
      .notNull()
      .references(() => apiKeys.id),
    createdAt: moment("created_at").notNull().default(clock),
    expiresAt: moment("expires_at").notNull(),
    usedAt: moment("used_at"),
  },
  (table) => [index("sign_in_links_expires_at_index").on(table.expiresAt)],
);
