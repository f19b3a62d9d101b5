import { getTableColumns } from "drizzle-orm";
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

/** What a task says for one kind of error, as `tasks.retry_rules` holds it by the kind. */
export interface StoredRetryRule {
  readonly retryable?: boolean;
  readonly maxFailures?: number;
  readonly initialMs?: number;
  readonly factor?: number;
  readonly maxMs?: number;
  readonly jitter?: boolean;
}

/** The select list that turns the row `alias` into a `Task`. */
export function taskColumns(alias: string): string {
  return rowColumns(tasks, alias);
}

/** What a move sets, or says of whom it concerns. */
export const MOVED_FIELDS = [
  "id",
  "workspaceId",
  "projectId",
  "agentId",
  "kind",
  "state",
  "stateSince",
  "version",
  "attempt",
  "failures",
  "runAt",
  "leaseUntil",
  "cancelUntil",
  "startedAt",
  "finishedAt",
  "error",
] as const satisfies readonly (keyof Task)[];

/** What a move gives back of its task. The whole row costs more than the move: who wants more of it reads it. */
export type MovedTask = Pick<Task, (typeof MOVED_FIELDS)[number]>;

/** The select list that turns the row `alias` into a `MovedTask`. */
export function movedTaskColumns(alias: string): string {
  return columnsOf(alias, MOVED_FIELDS);
}

/** What the agent that is offered a task has to know of it. */
export const OFFERED_FIELDS = [
  ...MOVED_FIELDS,
  "input",
  "dependencyCondition",
] as const satisfies readonly (keyof Task)[];

/** A task as it is handed out. Not the whole row either, for the same reason. */
export type OfferedTask = Pick<Task, (typeof OFFERED_FIELDS)[number]>;

/** The select list that turns the row `alias` into an `OfferedTask`. */
export function offeredTaskColumns(alias: string): string {
  return columnsOf(alias, OFFERED_FIELDS);
}

function columnsOf(alias: string, fields: readonly (keyof Task)[]): string {
  const rest = Object.keys(getTableColumns(tasks)).filter((field) => !fields.some((each) => each === field));
  return rowColumns(tasks, alias, rest);
}

/** States in which an agent holds the task, as an SQL array. */
export const HELD = sqlArray(HELD_STATES);

const FINAL_STATES = finalStates(taskLifecycle);

/** States in which the task has ended, as an SQL array. */
export const ENDED = sqlArray(FINAL_STATES);

/** Whether it has ended, and nothing will happen to it any more. */
export function hasEnded({ state }: Pick<Task, "state">): boolean {
  return FINAL_STATES.includes(state);
}
