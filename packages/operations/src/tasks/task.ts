import { rowColumns } from "@muster/database/row-columns.ts";
import { tasks } from "@muster/database/tables/tasks.ts";
import { finalStates } from "@muster/domain/lifecycle.ts";
import { HELD_STATES, taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { sqlArray } from "../lifecycle-sql.ts";

/** A task as its row is. */
export type Task = typeof tasks.$inferSelect;

/** Why an attempt failed, as `tasks.error` holds it. */
export interface TaskError {
  /** For programs: "error", "timeout", "lease_expired", "agent_left", "cancelled", or one of the agent's own. */
  readonly kind: string;
  readonly message: string;
  /** Whether another attempt might go better. */
  readonly retryable: boolean;
}

/** The select list that turns the row `alias` into a `Task`. */
export function taskColumns(alias: string): string {
  return rowColumns(tasks, alias);
}

/** States in which an agent holds the task, as an SQL array. */
export const HELD = sqlArray(HELD_STATES);

/** States in which the task has ended, as an SQL array. */
export const ENDED = sqlArray(finalStates(taskLifecycle));
