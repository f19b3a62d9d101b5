import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, IllegalTransition, InvalidInput } from "@muster/domain/errors.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { parseInput } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import { cancelTask } from "./cancel-task.ts";
import type { CreateTaskInput } from "./create-task-input.ts";
import { createTask } from "./create-task.ts";
import type { TaskWatch } from "./task-watch.ts";
import { awaitEnd, type AwaitedTask, currentTask, WAIT_MS, WaitMs } from "./wait-for-task.ts";

export interface RunTaskInput {
  readonly task: CreateTaskInput;
  /** How long to wait for the end; 30 seconds by default, at most 60. */
  readonly waitMs?: number | null | undefined;
  /** Cancels the task when it has not ended by then. */
  readonly cancelOnTimeout?: boolean | null | undefined;
}

const Options = z.object({ waitMs: WaitMs, cancelOnTimeout: z.boolean().nullish() });

/**
 * Queues a task as `createTask` does and waits for its end, wherever it runs; a repeated idempotency key waits for the task that
 * the key created first. Ends sooner, without the task's end, when `gone` says that nobody waits any more, or the process
 * stops: the task goes on then, and `waitForTask` goes on waiting. Throws as `createTask` does, and `Forbidden` before anything
 * is written when it could not cancel.
 */
export async function runTask(
  runtime: Runtime,
  watch: TaskWatch,
  caller: Caller,
  input: RunTaskInput,
  gone?: AbortSignal,
): Promise<AwaitedTask & { readonly repeated: boolean }> {
  const { waitMs: asked, cancelOnTimeout } = parseInput(Options, {
    waitMs: input.waitMs,
    cancelOnTimeout: input.cancelOnTimeout,
  });
  if (cancelOnTimeout) caller = authorize(caller, "task.cancel");
  const waitMs = asked ?? WAIT_MS;
  const { task, repeated } = await createTask(runtime, caller, input.task).catch(belowTask);
  const awaited = await awaitEnd(runtime, watch, caller, task, waitMs, gone);
  const timedOut = !awaited.ended && !gone?.aborted && !watch.closing.aborted;
  if (!timedOut || !cancelOnTimeout) return { ...awaited, repeated };
  const cancelled = await cancelLate(runtime, caller, task.id, waitMs);
  return { ...cancelled, repeated };
}

async function cancelLate(runtime: Runtime, caller: Caller, taskId: string, waitMs: number): Promise<AwaitedTask> {
  try {
    await cancelTask(runtime, caller, { taskId, reason: `It had not ended after ${waitMs} ms.` });
  } catch (error) {
    // It has ended meanwhile, or someone else was quicker to cancel it.
    if (!(error instanceof IllegalTransition) && !(error instanceof Conflict)) throw error;
  }
  return currentTask(runtime, caller, taskId);
}

function belowTask(error: unknown): never {
  if (!(error instanceof InvalidInput)) throw error;
  throw new InvalidInput(error.issues.map((issue) => ({ ...issue, path: ["task", ...issue.path] })));
}
