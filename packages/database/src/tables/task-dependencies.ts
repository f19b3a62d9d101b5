import { index, pgTable, primaryKey, uuid } from "drizzle-orm/pg-core";
import { tasks } from "./tasks.ts";

/** `taskId` waits for `dependsOnId`; both are of one project. */
export const taskDependencies = pgTable(
  "task_dependencies",
  {
    taskId: uuid("task_id")
      .notNull()
      .references(() => tasks.id),
    dependsOnId: uuid("depends_on_id")
      .notNull()
      .references(() => tasks.id),
  },
  (table) => [
    primaryKey({ columns: [table.taskId, table.dependsOnId] }),
    index("task_dependencies_depends_on_id_index").on(table.dependsOnId, table.taskId),
  ],
);
