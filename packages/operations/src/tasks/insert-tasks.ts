import type { Connection } from "@muster/database/database.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, type InputIssue, NotFound } from "@muster/domain/errors.ts";
import { newId } from "../new-id.ts";
import { numbered } from "../caller-rows.ts";
import { takeTaskRoom } from "../quotas/task-quotas.ts";
import type { ParsedTask } from "./create-task-input.ts";
import { type InsertedRow, insertStatement, type Problem, tasksByKey } from "./insert-statement.ts";
import { arrayOf } from "../array-of.ts";
import type { Task } from "./task.ts";
import { newTask, type TaskRow, type TaskTemplate, templateOf } from "./task-template.ts";

/** A task that is to be written, and what only other operations can say of it. */
export interface NewTask {
  /** Names it in the results. */
  readonly position: number;
  readonly task: ParsedTask;
  /** Drawn by whoever has to know it before; a new one without it. */
  readonly id?: string;
  readonly scheduleId?: string;
  readonly workflow?: { readonly id: string; readonly step: string };
  /** It waits for other tasks: WAITING instead of QUEUED. */
  readonly waits?: boolean;
  /** Others will wait for it. */
  readonly hasDependents?: boolean;
}

/** A task of a `createTask` call, and whether its idempotency key had created it before. */
export interface CreatedTask {
  readonly task: Task;
  readonly repeated: boolean;
  /** It is new, and its workspace limits those: `takeTaskRoom` before the commit. */
  readonly limited: boolean;
}

/** The task was not created, because its workspace limits how many are: that takes a transaction of its own. */
export const LIMITED = Symbol("limited");

/** What became of a task that was asked for. */
export type InsertedTask = CreatedTask | NotFound | InvalidInput | typeof LIMITED;

/** A new task and who wants it. */
export interface AskedTask extends NewTask {
  readonly caller: Caller;
  /** Where a problem with it is, for `InvalidInput`. */
  readonly path: readonly string[];
}

/**
 * Inserts tasks in one round trip, two when idempotency keys repeat; gives the results by position. Call it with the tasks in
 * the order of their projects and idempotency keys: then two calls with the same keys wait for each other and do not deadlock. Throws `NotFound` and
 * `InvalidInput` (paths below `pathOf(position)`): call it in a transaction, which ends with that, and take their room (`takeRoom`) at its end.
 */
export async function insertTasks(
  connection: Connection,
  caller: Caller,
  tasks: readonly NewTask[],
  pathOf: (position: number) => readonly string[],
): Promise<Map<number, CreatedTask>> {
  const asked = tasks.map((task) => ({ ...task, caller, path: pathOf(task.position) }));
  const results = await insertAsked(connection, asked, { limited: true });
  const problems = results.filter((result) => result instanceof Error);
  const missing = problems.find((problem) => problem instanceof NotFound);
  if (missing) throw missing;
  const issues = problems.flatMap((problem) => (problem instanceof InvalidInput ? problem.issues : []));
  if (issues.length > 0) throw new InvalidInput(issues);
  return new Map(tasks.map(({ position }, place) => [position, results[place] as CreatedTask]));
}

/**
 * Like `insertTasks`, for tasks of several callers: what is wrong with one is its own result, and the others are written. `limited`:
 * also those of workspaces that limit them; else these are `LIMITED`.
 */
export async function insertAsked(
  connection: Connection,
  asked: readonly AskedTask[],
  { limited }: { readonly limited: boolean },
): Promise<InsertedTask[]> {
  const wanted = rowsOf(asked);
  const inserted = await connection.run(insertStatement, [...valuesOf(asked, wanted), limited]);
  const byPlace = new Map(inserted.map((row) => [row.place, row]));
  const repeated = asked.filter((_, place) => isRepeated(byPlace.get(place)));
  const existing = repeated.length === 0 ? new Map<string, Task>() : await existingTasks(connection, repeated);
  return asked.map((one, place) => {
    const row = byPlace.get(place);
    if (row?.problem === "limited") return LIMITED;
    if (row?.problem) return refusal(row.problem, one.path);
    const asRow = wanted[place];
    if (row?.inserted && asRow) return { task: newTask(asRow, row), repeated: false, limited: row.limited };
    const task = existing.get(keyOf(one.task));
    return task ? { task, repeated: true, limited: false } : new NotFound("task");
  });
}

/** Takes the room of those that need it, as the last thing of the transaction that has created them. Throws `LimitExceeded`. */
export async function takeRoom(
  transaction: Connection,
  created: readonly CreatedTask[],
  options?: { readonly refuse: boolean },
): Promise<void> {
  await takeTaskRoom(
    transaction,
    created.filter(({ limited }) => limited).map(({ task }) => task.id),
    options,
  );
}

function isRepeated(row: InsertedRow | undefined): boolean {
  return row?.problem === null && !row.inserted;
}

function rowsOf(asked: readonly AskedTask[]): TaskRow[] {
  return asked.map((one) => ({
    id: one.id ?? newId(),
    input: one.task.input,
    idempotencyKey: one.task.idempotencyKey ?? null,
    template: {
      ...templateOf(one.task),
      schedule_id: one.scheduleId ?? null,
      workflow_id: one.workflow?.id ?? null,
      workflow_step: one.workflow?.step ?? null,
      waits: one.waits ?? false,
      has_dependents: one.hasDependents ?? false,
    },
  }));
}

/** The values of the statement: each caller once, and each template of each caller. */
function valuesOf(asked: readonly AskedTask[], rows: readonly TaskRow[]): unknown[] {
  const callers = numbered(asked.map(({ caller }) => caller));
  const lanes = new Numbers();
  const templates = new Numbers();
  const texts: string[] = [];
  const chosen = rows.map(({ template }, place) => {
    const caller = callers.numbers[place];
    const text = JSON.stringify(template);
    const number = templates.of(`${caller} ${text}`);
    if (number === texts.length)
      texts.push(JSON.stringify({ ...template, template: number, caller, lane: lanes.of(laneOf(template)) }));
    return number;
  });
  const keys = rows.map(({ idempotencyKey }) => idempotencyKey);
  return [
    callers.rows,
    `[${texts.join(",")}]`,
    arrayOf(rows.map(({ id }) => id)),
    arrayOf(chosen),
    JSON.stringify(rows.map(({ input }) => input)),
    keys.some((key) => key !== null) ? keys : [],
  ];
}

/** Numbers for keys, from 0, in the order in which they come. */
class Numbers {
  readonly #numbers = new Map<string, number>();

  of(key: string): number {
    const number = this.#numbers.get(key) ?? this.#numbers.size;
    this.#numbers.set(key, number);
    return number;
  }
}

/** Tasks with the same text stand in one lane, and only those. */
function laneOf({ project_id, queue, capability, target_agent_id, required_labels }: TaskTemplate): string {
  const sorted = Object.entries(required_labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([project_id, queue, capability, target_agent_id, sorted]);
}

async function existingTasks(connection: Connection, repeated: readonly AskedTask[]): Promise<Map<string, Task>> {
  const found = await connection.run(tasksByKey, [
    repeated.map(({ task }) => task.projectId),
    repeated.map(({ task }) => task.idempotencyKey ?? null),
  ]);
  return new Map(found.map((task) => [`${task.projectId} ${task.idempotencyKey}`, task]));
}

function keyOf({ projectId, idempotencyKey }: ParsedTask): string {
  return `${projectId} ${idempotencyKey}`;
}

function refusal(problem: Exclude<Problem, "limited">, path: readonly string[]): NotFound | InvalidInput {
  if (problem === "project" || problem === "agent") return new NotFound(problem);
  const issues: Record<"deadline" | "rateLimitKey", string> = {
    deadline: "has passed. Choose a later one.",
    rateLimitKey: "names no rate limit of the project. Make it with setRateLimit first.",
  };
  const issue: InputIssue = { path: [...path, problem], message: issues[problem] };
  return new InvalidInput([issue]);
}
