import type { Caller } from "@muster/domain/actor.ts";
import { authorize } from "../authorize.ts";
import { parseInput } from "../input.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { lockDependencies, tieDependents, waitsForOthers } from "../workflows/insert-dependencies.ts";
import { type CreateTaskInput, createTasksSchema, type ParsedTask } from "./create-task-input.ts";
import { type CreatedTask, insertTasks, takeRoom } from "./insert-tasks.ts";
import { workChanged } from "./local-work.ts";

/** How many tasks go into one statement. */
const BATCH = 1_000;

/**
 * Queues up to 10,000 tasks, all or none, and gives them in the same order. Issues of `InvalidInput` have paths such as
 * `tasks.3.kind`. Throws as `createTask` does.
 */
export async function createTasks(
  runtime: Runtime,
  caller: Caller,
  input: { readonly tasks: readonly CreateTaskInput[] },
): Promise<CreatedTask[]> {
  caller = authorize(caller, "task.create");
  const { tasks } = parseInput(createTasksSchema(runtime.settings), input);
  return insertAll(runtime, caller, tasks, (position) => ["tasks", String(position)]);
}

/** Writes tasks in one transaction, also those that wait for others. Gives them in their order. Throws as `createTask` does. */
export async function insertAll(
  runtime: Runtime,
  caller: Caller,
  tasks: readonly ParsedTask[],
  pathOf: (position: number) => readonly string[],
): Promise<CreatedTask[]> {
  const sorted = tasks
    .map((task, position) => ({ task, position, waits: waitsForOthers(task) }))
    .sort((a, b) => compare(lockOrder(a.task), lockOrder(b.task)));
  const created = await writeAll(runtime, async (transaction) => {
    await lockDependencies(transaction, caller, tasks);
    const results: CreatedTask[] = [];
    for (let from = 0; from < sorted.length; from += BATCH) {
      const batch = sorted.slice(from, from + BATCH);
      const inserted = await insertTasks(transaction, caller, batch, pathOf);
      for (const [position, task] of inserted) results[position] = task;
    }
    const tied = await tieDependents(transaction, runtime.settings, tasks, results);
    await takeRoom(transaction, results);
    return tied;
  });
  workChanged(
    runtime,
    created.map(({ task: { id, projectId, version, state, targetAgentId } }) => {
      return { id, projectId, version, state, agentId: targetAgentId };
    }),
  );
  return created;
}

/** Keys are locked in this order, here and in each statement. */
function lockOrder({ projectId, idempotencyKey }: ParsedTask): string {
  return idempotencyKey ? `${projectId} ${idempotencyKey}` : "";
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
