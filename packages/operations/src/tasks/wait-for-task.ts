import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { parseInput } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import { readTogether } from "./read-together.ts";
import { hasEnded, type Task } from "./task.ts";
import type { TaskWatch } from "./task-watch.ts";

/** A task that someone has waited for. */
export interface AwaitedTask {
  readonly task: Task;
  /** Whether it has ended; else the time was up. */
  readonly ended: boolean;
}

export interface WaitForTaskInput {
  readonly taskId: string;
  /** 30 seconds by default, at most 60. */
  readonly waitMs?: number | null | undefined;
}

/** How long a call waits unless it says how long. */
export const WAIT_MS = 30_000;
export const WaitMs = z.int().min(0).max(60_000).nullish();
const WaitForTask = z.object({ taskId: z.guid(), waitMs: WaitMs });

/**
 * Waits for the end of a task, wherever it runs, and gives it as it is then. Ends sooner when `gone` says that nobody waits any
 * more, or the process stops. Throws `NotFound`, `Forbidden`, `InvalidInput`.
 */
export async function waitForTask(
  runtime: Runtime,
  watch: TaskWatch,
  caller: Caller,
  input: WaitForTaskInput,
  gone?: AbortSignal,
): Promise<AwaitedTask> {
  caller = authorize(caller, "task.read");
  const { taskId, waitMs } = parseInput(WaitForTask, input);
  const { task } = await currentTask(runtime, caller, taskId);
  return awaitEnd(runtime, watch, caller, task, waitMs ?? WAIT_MS, gone);
}

/** The same for a task that has just been read. For operations: asks for no permission. */
export async function awaitEnd(
  runtime: Runtime,
  watch: TaskWatch,
  caller: Caller,
  task: Task,
  waitMs: number,
  gone?: AbortSignal,
): Promise<AwaitedTask> {
  if (hasEnded(task)) return { task, ended: true };
  await watch.waitForEnd(task.id, waitMs, gone);
  return gone?.aborted ? { task, ended: false } : currentTask(runtime, caller, task.id);
}

/** The task as it is now. For operations: asks for no permission. Throws `NotFound`. */
export async function currentTask(runtime: Runtime, caller: Caller, taskId: string): Promise<AwaitedTask> {
  const task = await readTogether(runtime, caller, taskId);
  if (!task) throw new NotFound("task");
  return { task, ended: hasEnded(task) };
}
