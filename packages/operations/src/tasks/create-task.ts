import type { Caller } from "@muster/domain/actor.ts";
import { authorize } from "../authorize.ts";
import { parseInput } from "../input.ts";
import { oncePerProcess } from "../once-per.ts";
import type { Runtime } from "../runtime.ts";
import { waitsForOthers } from "../workflows/insert-dependencies.ts";
import { GATHER_MS, WrittenTogether } from "../written-together.ts";
import { type CreateTaskInput, createTaskSchema } from "./create-task-input.ts";
import { insertAll } from "./create-tasks.ts";
import { type AskedTask, type CreatedTask, insertAsked, type InsertedTask, LIMITED } from "./insert-tasks.ts";
import { newWork, workChanged } from "./local-work.ts";

const MOST_TOGETHER = 500;

/**
 * Queues a task, or, when it depends on others, lets it wait for them. With an idempotency key that the project has seen, gives the task which that key created, `repeated`.
 * Throws `NotFound` for a project or agent out of reach, `InvalidInput`, and `LimitExceeded` when its workspace has no room for it.
 */
export async function createTask(runtime: Runtime, caller: Caller, input: CreateTaskInput): Promise<CreatedTask> {
  caller = authorize(caller, "task.create");
  const task = parseInput(createTaskSchema(runtime.settings), input);
  const alone = async () => (await insertAll(runtime, caller, [task], () => []))[0];
  const together = waitsForOthers(task)
    ? LIMITED
    : await writerOf(runtime).add({ caller, task, position: 0, path: [] });
  const created = together === LIMITED ? await alone() : together;
  if (!created) throw new Error("A task was neither created nor found.");
  if (created instanceof Error) throw created;
  return created;
}

const writerOf = oncePerProcess(
  (runtime: Runtime): WrittenTogether<AskedTask, InsertedTask> =>
    new WrittenTogether({
      parallel: 2,
      gatherMs: GATHER_MS,
      most: MOST_TOGETHER,
      bytesOf: ({ task }) => JSON.stringify(task.input).length,
      // Of two with one key the second one is a repetition, which has to see the first.
      keyOf: ({ task }) => (task.idempotencyKey ? `${task.projectId} ${task.idempotencyKey}` : null),
      write: async (asked) => {
        const results = await insertAsked(runtime.database, asked, { limited: false });
        runtime.committed();
        workChanged(
          runtime,
          results.filter(isNew).map(({ task }) => newWork(task)),
        );
        return results;
      },
    }),
);

function isNew(result: InsertedTask): result is CreatedTask {
  return typeof result === "object" && "task" in result && !result.repeated;
}
