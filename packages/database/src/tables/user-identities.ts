import { index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";
import { users } from "./users.ts";

/** Who a person is at an OpenID Connect provider. */
export const userIdentities = pgTable(
  "user_identities",
  {
    issuer: text("issuer").notNull(),
    subject: text("subject").notNull(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    email: text("email"),
    createdAt: moment("created_at").notNull().default(clock),
  },
  (table) => [
    primaryKey({ columns: [table.issuer, table.subject] }),
    index("user_identities_user_id_index").on(table.userId),
  ],
);
