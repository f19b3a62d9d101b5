import { sql } from "drizzle-orm";
import { bigint, index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";

/** People. They belong to the installation; what they may do where is in `memberships`. */
export const users = pgTable(
  "users",
  {
    id: uuid("id").primaryKey(),
    /** Null for the first admin, until an address is set. */
    email: text("email"),
    name: text("name").notNull(),
    /** Argon2id, as a PHC string; null: the person signs in by links or another provider. */
    passwordHash: text("password_hash"),
    /** The secret of the authenticator, sealed; it counts from `totpEnabledAt` on. */
    totpSecret: text("totp_secret"),
    totpEnabledAt: moment("totp_enabled_at"),
    /** The time step of the last code that was taken: none is taken twice. */
    totpLastStep: bigint("totp_last_step", { mode: "number" }),
    disabledAt: moment("disabled_at"),
    version: integer("version").notNull().default(1),
    createdAt: moment("created_at").notNull().default(clock),
    lastSignedInAt: moment("last_signed_in_at"),
  },
  (table) => [
    uniqueIndex("users_email_key").on(sql`lower(${table.email})`),
    index("users_name_id_index").on(table.name, table.id),
  ],
);
