import { BULK_JOB_OUTCOMES } from "@muster/domain/bulk-job-lifecycle.ts";
import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { moment, oneOf } from "../columns.ts";

/** The tasks or agents of a bulk job, in the order in which their turn comes. */
export const bulkJobTargets = pgTable(
  "bulk_job_targets",
  {
    // No foreign keys: the one statement that writes them takes both ids from rows, which are never removed, and for a million
    // targets looking them up again is most of the work.
    jobId: uuid("job_id").notNull(),
    /** From 1. */
    number: integer("number").notNull(),
    /** One of the two, as the kind of the job says. */
    taskId: uuid("task_id"),
    agentId: uuid("agent_id"),
    outcome: text("outcome", { enum: BULK_JOB_OUTCOMES }).notNull().default("PENDING"),
    /** What else there is to say of its outcome. */
    message: text("message"),
    /** The task that runs it again. */
    newTaskId: uuid("new_task_id"),
    /** When it got its outcome; null before its turn. */
    at: moment("at"),
  },
  (table) => [
    primaryKey({ columns: [table.jobId, table.number] }),
    check("bulk_job_targets_subject_check", sql`(${table.taskId} is null) <> (${table.agentId} is null)`),
    oneOf("bulk_job_targets_outcome_check", table.outcome, BULK_JOB_OUTCOMES),
    index("bulk_job_targets_outcome_index").on(table.jobId, table.outcome, table.number),
  ],
);
