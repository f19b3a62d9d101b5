import { sql } from "drizzle-orm";
import { index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";
import { projects } from "./projects.ts";

/** Which task a key has created in a project. Apart from `tasks`, so that a key can be used anew after its window. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    projectId: uuid("project_id")
      .notNull()
      .references(() => projects.id),
    key: text("key").notNull(),
    taskId: uuid("task_id").notNull(),
    createdAt: moment("created_at").notNull().default(clock),
    /** From then on the key creates anew; null: never. */
    expiresAt: moment("expires_at"),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.key] }),
    index("idempotency_keys_expires_at_index")
      .on(table.expiresAt)
      .where(sql`expires_at is not null`),
  ],
);
