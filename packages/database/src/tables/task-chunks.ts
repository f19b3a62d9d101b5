import { bigint, integer, jsonb, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";
import { tasks } from "./tasks.ts";

/** Partial output that a running attempt streams, in order. Not events: there can be thousands a task. */
export const taskChunks = pgTable(
  "task_chunks",
  {
    taskId: uuid("task_id")
      .notNull()
      .references(() => tasks.id),
    attempt: integer("attempt").notNull(),
    /** Rises with each chunk of the task, across its attempts. */
    number: bigint("number", { mode: "number" }).notNull(),
    chunk: jsonb("chunk").notNull(),
    at: moment("at").notNull().default(clock),
  },
  (table) => [primaryKey({ columns: [table.taskId, table.number] })],
);
