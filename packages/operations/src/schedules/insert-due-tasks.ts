import type { Connection } from "@muster/database/database.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { sql } from "drizzle-orm";
import type { ParsedTask } from "../tasks/create-task-input.ts";
import { type AskedTask, insertAsked, takeRoom } from "../tasks/insert-tasks.ts";

export interface DueTask {
  readonly scheduleId: string;
  readonly task: ParsedTask;
}

/** Classes of SQLSTATE in which the fault is with the row: data, constraints, limits of the database. */
const FAULT_OF_THE_ROW = /^(22|23|54)/;

/**
 * Creates the tasks of many schedules in one statement. Gives, by schedule, why one was refused: the others are there. Other
 * failures of the database are thrown.
 */
export async function insertDueTasks(
  transaction: Connection,
  caller: Caller,
  tasks: readonly DueTask[],
): Promise<ReadonlyMap<string, string>> {
  const asked = tasks.map((due, position) => ({ ...due, position, caller, path: ["task"] }));
  const problems = asked.length === 0 ? [] : await insertOrHalve(transaction, asked);
  return new Map(tasks.flatMap(({ scheduleId }, place) => (problems[place] ? [[scheduleId, problems[place]]] : [])));
}

/** What is wrong with each of the tasks; null where nothing is. */
async function insertOrHalve(transaction: Connection, asked: readonly AskedTask[]): Promise<(string | null)[]> {
  await transaction.query(sql`savepoint due_tasks`);
  try {
    const results = await insertAsked(transaction, asked, { limited: true });
    // What is due is not refused for a quota, but it counts.
    const created = results.filter((result) => typeof result === "object" && "task" in result);
    await takeRoom(transaction, created, { refuse: false });
    await transaction.query(sql`release savepoint due_tasks`);
    return results.map((result) => (result instanceof Error ? result.message : null));
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code !== "string" || !FAULT_OF_THE_ROW.test(code)) throw error;
    await transaction.query(sql`rollback to savepoint due_tasks`);
    if (asked.length === 1) return [`The database refused the task (${code}).`];
    const half = Math.ceil(asked.length / 2);
    const first = await insertOrHalve(transaction, asked.slice(0, half));
    return [...first, ...(await insertOrHalve(transaction, asked.slice(half)))];
  }
}
