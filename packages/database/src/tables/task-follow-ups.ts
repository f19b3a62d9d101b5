import { bigint, pgTable, uuid } from "drizzle-orm/pg-core";
import { clock, moment } from "../columns.ts";
import { tasks } from "./tasks.ts";

/**
 * Tasks that have been let go of and that others may have waited for: what depends on them, what has the same concurrency
 * key, their workflow. Written with the change, seen to once it is visible to all, and removed then. A row for each time, and
 * no key over the tasks: who writes one never waits for who sees to another, and none is lost in another's place.
 */
export const taskFollowUps = pgTable("task_follow_ups", {
  id: bigint("id", { mode: "number" }).generatedAlwaysAsIdentity().primaryKey(),
  taskId: uuid("task_id")
    .notNull()
    .references(() => tasks.id),
  at: moment("at").notNull().default(clock),
});
