import type { Caller } from "@muster/domain/actor.ts";
import type { BulkJobKind } from "@muster/domain/bulk-job-lifecycle.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import { finalStates } from "@muster/domain/lifecycle.ts";
import { TASK_STATES, taskLifecycle, type TaskState } from "@muster/domain/task-lifecycle.ts";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { parseInput, text } from "../input.ts";
import { HELD } from "../tasks/task.ts";
import { filteredTasks, type TaskFilter, TaskFilterSchema } from "../tasks/task-filter.ts";

const BulkJobRequest = z.object({
  projectId: z.guid(),
  filter: TaskFilterSchema,
  all: z.boolean().nullish(),
  reason: text(2_000),
  expectedCount: z.number().int().min(0).nullish(),
});

/**
 * Which tasks of a project to cancel or to retry, and why. An empty filter needs `all`: true. `expectedCount`:
 * how many it has to be, or nothing is done.
 */
export type BulkJobRequest = z.input<typeof BulkJobRequest>;

const ENDED_STATES = finalStates(taskLifecycle);

/** Checks a request before anything is read or written. Throws `InvalidInput`. */
export function parseRequest(input: BulkJobRequest) {
  const request = parseInput(BulkJobRequest, input);
  const empty = isEmpty(request.filter);
  if (empty && !request.all) {
    const message = "leaves no task of the project out. Narrow it down, or say all: true when that is what you mean.";
    throw new InvalidInput([{ path: ["filter"], message }]);
  }
  if (!empty && request.all) {
    throw new InvalidInput([{ path: ["all"], message: "cannot be combined with a filter." }]);
  }
  return request;
}

function isEmpty({ search, ...filter }: TaskFilter): boolean {
  return !search?.trim() && Object.values(filter).every((value) => value === null || value === undefined);
}

/**
 * The states whose tasks a job takes. CANCEL: all that have not ended, also those that are being cancelled, to watch whether
 * they end. RETRY: all that have ended; those that have succeeded only when the filter names SUCCEEDED.
 */
function chosenStates(kind: BulkJobKind, asked: TaskFilter["states"]): TaskState[] {
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
  kind: BulkJobKind,
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
