import { sql } from "drizzle-orm";
import { check, index, inet, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";
import { apiKeys } from "./api-keys.ts";
import { users } from "./users.ts";

/** Browsers that are signed in, each for a person or an API key, with which it ends; its token is in the browser's cookie only. */
export const sessions = pgTable(
  "sessions",
  {
    /** SHA-256 (hex) of the token. */
    hash: text("hash").primaryKey(),
    /** What lists and events call it. */
    id: uuid("id")
      .notNull()
      .default(sql`gen_random_uuid()`),
    apiKeyId: uuid("api_key_id").references(() => apiKeys.id),
    userId: uuid("user_id").references(() => users.id),
    address: inet("address"),
    userAgent: text("user_agent"),
    createdAt: moment("created_at").notNull().default(clock),
    /** Accurate to a minute. */
    lastUsedAt: moment("last_used_at"),
    expiresAt: moment("expires_at").notNull(),
    endedAt: moment("ended_at"),
  },
  (table) => [
    uniqueIndex("sessions_id_key").on(table.id),
    index("sessions_expires_at_index").on(table.expiresAt),
    index("sessions_user_id_index")
      .on(table.userId, table.id)
      .where(sql`ended_at is null`),
    index("sessions_api_key_id_index")
      .on(table.apiKeyId, table.id)
      .where(sql`ended_at is null`),
    check("sessions_holder_check", sql`(${table.apiKeyId} is null) <> (${table.userId} is null)`),
  ],
);
