import type { Caller } from "@muster/domain/actor.ts";
import { authorize } from "../authorize.ts";
import { parseInput } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import { type CreateTaskInput, createTaskSchema } from "./create-task-input.ts";
import { type CreatedTask, insertTasks } from "./insert-tasks.ts";

/**
 * Queues a task. With an idempotency key that the project has seen, gives the task which that key created, `repeated`.
 * Throws `NotFound` for a project or agent out of reach, `InvalidInput`.
 */
export async function createTask(runtime: Runtime, caller: Caller, input: CreateTaskInput): Promise<CreatedTask> {
  authorize(caller, "task.create");
  const task = parseInput(createTaskSchema(runtime.settings.maxJsonBytes), input);
  const created = await insertTasks(runtime.database, caller, [{ position: 0, task }], () => []);
  runtime.committed();
  const [result] = created.values();
  if (!result) throw new Error("A task was neither created nor found.");
  return result;
}
