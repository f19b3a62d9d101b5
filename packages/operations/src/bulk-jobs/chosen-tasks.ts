import type { Caller } from "@muster/domain/actor.ts";
import type { BulkJobKind } from "@muster/domain/bulk-job-lifecycle.ts";
import { finalStates } from "@muster/domain/lifecycle.ts";
import { TASK_STATES, taskLifecycle, type TaskState } from "@muster/domain/task-lifecycle.ts";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { text } from "../input.ts";
import { HELD } from "../tasks/task.ts";
import { filteredTasks, type TaskFilter, TaskFilterSchema } from "../tasks/task-filter.ts";
import { BULK_REQUEST, parseBulkRequest } from "./bulk-request.ts";

const BulkJobRequest = z.object({ ...BULK_REQUEST, filter: TaskFilterSchema, reason: text(2_000) });

/**
 * Which tasks of a project to cancel or to retry, and why. An empty filter needs `all`: true. `expectedCount`:
 * how many it has to be, or nothing is done.
 */
export type BulkJobRequest = z.input<typeof BulkJobRequest>;

/** The kinds of job that are about tasks. */
export type TaskJobKind = Exclude<BulkJobKind, "TRANSITION">;

const ENDED_STATES = finalStates(taskLifecycle);

/** Checks a request before anything is read or written. Throws `InvalidInput`. */
export function parseRequest(input: BulkJobRequest): z.output<typeof BulkJobRequest> {
  return parseBulkRequest(BulkJobRequest, input, "task");
}

/**
 * The states whose tasks a job takes. CANCEL: all that have not ended, also those that are being cancelled, to watch whether
 * they end. RETRY: all that have ended; those that have succeeded only when the filter names SUCCEEDED.
 */
function chosenStates(kind: TaskJobKind, asked: TaskFilter["states"]): TaskState[] {
  const ended = (state: TaskState) => ENDED_STATES.includes(state);
  if (asked) return asked.filter((state) => ended(state) === (kind === "RETRY"));
  return TASK_STATES.filter((state) => (kind === "CANCEL" ? !ended(state) : ended(state) && state !== "SUCCEEDED"));
}

/**
 * A select of the tasks (`id`, `number` from 1) that a job takes, in the order in which their turn comes: those that nobody
 * holds first, so that agents which are asked to stop do not begin what is about to be cancelled; then the oldest. At most
 * one more than `most`. Throws `InvalidInput`.
 */
export function chosenTasks(
  caller: Caller,
  kind: TaskJobKind,
  { projectId, filter }: BulkJobRequest,
  most: number,
): SQL {
  const states = chosenStates(kind, filter.states);
  const { from, where, branches } = filteredTasks(caller, [sql`t.project_id = ${projectId}`], { ...filter, states });
  const matching = sql.join([...where, sql`(${sql.join(branches, sql` or `)})`], sql` and `);
  return sql`
    select c.id, row_number() over (order by c.held, c.created_at, c.id)::int as number from (
      select t.id, t.created_at, t.state = any(${sql.raw(HELD)}) as held from ${from} where ${matching} limit ${most + 1}
    ) c`;
}
