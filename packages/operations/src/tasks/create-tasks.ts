import type { Caller } from "@muster/domain/actor.ts";
import { authorize } from "../authorize.ts";
import { parseInput } from "../input.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { type CreateTaskInput, createTasksSchema } from "./create-task-input.ts";
import { type CreatedTask, insertTasks } from "./insert-tasks.ts";

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
  authorize(caller, "task.create");
  const { tasks } = parseInput(createTasksSchema(runtime.settings.maxJsonBytes), input);
  const sorted = tasks
    .map((task, position) => ({ task, position }))
    .sort((a, b) => compare(a.task.idempotencyKey ?? "", b.task.idempotencyKey ?? ""));
  const created = await writeAll(runtime, async (transaction) => {
    const results: CreatedTask[] = [];
    for (let from = 0; from < sorted.length; from += BATCH) {
      const batch = sorted.slice(from, from + BATCH);
      const inserted = await insertTasks(transaction, caller, batch, (position) => ["tasks", String(position)]);
      for (const [position, task] of inserted) results[position] = task;
    }
    return results;
  });
  return created;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
