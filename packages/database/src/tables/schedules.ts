import { CATCH_UP_POLICIES } from "@muster/domain/catch-up-policy.ts";
import { sql } from "drizzle-orm";
import {
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { clock, moment, oneOf } from "../columns.ts";
import { projects } from "./projects.ts";

/** Creates a task at the times of a cron expression. */
export const schedules = pgTable(
  "schedules",
  {
    id: uuid("id").primaryKey(),
    workspaceId: uuid("workspace_id").notNull(),
    projectId: uuid("project_id").notNull(),
    name: text("name").notNull(),
    cron: text("cron").notNull(),
    /** An IANA name. */
    timeZone: text("time_zone").notNull(),
    /** What becomes of times that passed while nobody looked. */
    catchUp: text("catch_up", { enum: CATCH_UP_POLICIES }).notNull(),
    /** What `createTask` takes, without the project, the times and the idempotency key; with `expiresAfterMs` in place of a deadline. */
    task: jsonb("task").notNull(),
    pausedAt: moment("paused_at"),
    pauseReason: text("pause_reason"),
    /** When it fires next; null while it is paused, and when its expression or time zone gives no time any more. */
    nextRunAt: moment("next_run_at"),
    /** When it last fired, which is later than the time of its expression that it fired for. */
    lastRunAt: moment("last_run_at"),
    /** Why no task was created when it last fired; null when one was. */
    lastError: text("last_error"),
    /** Rises by one with each event about it. */
    version: integer("version").notNull().default(1),
    createdAt: moment("created_at").notNull().default(clock),
    updatedAt: moment("updated_at").notNull().default(clock),
    /** It is kept, because its tasks name it. */
    deletedAt: moment("deleted_at"),
  },
  (table) => [
    unique("schedules_workspace_id_project_id_id_key").on(table.workspaceId, table.projectId, table.id),
    foreignKey({
      name: "schedules_project_fkey",
      columns: [table.workspaceId, table.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    oneOf("schedules_catch_up_check", table.catchUp, CATCH_UP_POLICIES),
    check("schedules_next_run_at_check", sql`next_run_at is null or (paused_at is null and deleted_at is null)`),
    uniqueIndex("schedules_project_id_name_key")
      .on(table.projectId, table.name)
      .where(sql`deleted_at is null`),
    index("schedules_next_run_at_index")
      .on(table.nextRunAt)
      .where(sql`next_run_at is not null`),
  ],
);
