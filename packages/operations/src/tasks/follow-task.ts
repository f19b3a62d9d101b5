import { setTimeout as delay } from "node:timers/promises";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { parseInput } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import { stoppable } from "../stoppable.ts";
import { readTogether } from "./read-together.ts";
import { hasEnded, type Task } from "./task.ts";
import { readTask } from "./task-queries.ts";
import type { TaskStatus, TaskWatch } from "./task-watch.ts";

/** While no agent has it, what is in its way and who stands before it change without it: it is told again so often. */
const AGAIN_MS = 2_000;
/** An agent may report more often than anybody reads. */
const REST_MS = 200;

const FollowTask = z.object({ taskId: z.guid() });
export type FollowTaskInput = z.input<typeof FollowTask>;

/**
 * A task as it is, and again whenever it has changed: at each transition and report of progress, and every two seconds while
 * it waits to be handed out. At most five times a second; what comes last is always told. Ends when the task has ended; when
 * the process stops it does not. An outage of the database is waited out. Throws `NotFound`, `Forbidden`, `InvalidInput`.
 */
export async function followTask(
  runtime: Runtime,
  watch: TaskWatch,
  caller: Caller,
  input: FollowTaskInput,
): Promise<AsyncIterableIterator<Task>> {
  caller = authorize(caller, "task.read");
  const { taskId } = parseInput(FollowTask, input);
  if (!(await readTask(runtime.database, caller, taskId))) throw new NotFound("task");
  return stoppable((signal) => changesOf(runtime, watch, caller, taskId, signal));
}

async function* changesOf(
  runtime: Runtime,
  watch: TaskWatch,
  caller: Caller,
  taskId: string,
  signal: AbortSignal,
): AsyncGenerator<Task, void, void> {
  let seen: TaskStatus | null = null;
  let wake = () => {};
  const unwatch = watch.watch(taskId, (status) => {
    seen = status;
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    let told: TaskStatus | null = null;
    let toldAt = -Infinity;
    while (!signal.aborted) {
      const status = seen as TaskStatus | null;
      const elapsed = performance.now() - toldAt;
      if (status && (differ(status, told) || (status.waits && elapsed >= AGAIN_MS))) {
        if (elapsed < REST_MS) {
          await delay(REST_MS - elapsed, null, { signal }).catch(() => {});
          continue;
        }
        // After a failed look the next one of the watch asks again.
        const task = await readTogether(runtime, caller, taskId).catch(watch.onError);
        if (task) {
          told = status;
          toldAt = performance.now();
          yield task;
          if (hasEnded(task)) return;
        }
      }
      if (seen !== status || signal.aborted) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    unwatch();
  }
}

function differ(status: TaskStatus, told: TaskStatus | null): boolean {
  return (
    status.version !== told?.version ||
    status.progress !== told.progress ||
    status.progressMessage !== told.progressMessage ||
    status.chunkCount !== told.chunkCount
  );
}
