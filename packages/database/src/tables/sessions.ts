import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";
import { apiKeys } from "./api-keys.ts";

/** Browsers that are signed in. Each acts for an API key and ends with it; its token is in the browser's cookie only. */
export const sessions = pgTable(
  "sessions",
  {
    /** SHA-256 (hex) of the token. */
    hash: text("hash").primaryKey(),
    apiKeyId: uuid("api_key_id")
      .notNull()
      .references(() => apiKeys.id),
    createdAt: moment("created_at").notNull().default(clock),
    expiresAt: moment("expires_at").notNull(),
    endedAt: moment("ended_at"),
  },
  (table) => [index("sessions_expires_at_index").on(table.expiresAt)],
);
