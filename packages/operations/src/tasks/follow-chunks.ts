import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { parseInput } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import { stoppable } from "../stoppable.ts";
import { chunkColumns, type TaskChunk } from "./task-chunk.ts";
import { readTask } from "./task-queries.ts";
import type { TaskStatus, TaskWatch } from "./task-watch.ts";

/** So many are held for a reader, and no more are read until it has taken them. */
const PAGE = 32;

const chunksAfter = statement<TaskChunk>(`
  select ${chunkColumns("c")} from task_chunks c where c.task_id = $1 and c.number > $2 order by c.number limit ${PAGE}`);

const FollowChunks = z.object({ taskId: z.guid(), after: z.int().min(0).nullish() });
export type FollowChunksInput = z.input<typeof FollowChunks>;

/** A chunk as it is followed: its number is the cursor from which to go on. */
export interface FollowedChunk extends TaskChunk {
  readonly cursor: string;
}

/**
 * The partial output of a task, each chunk once and in order: first what is there after the number `after`, then as it comes.
 * Ends when the task has ended and all is delivered; when the process stops it does not, so that nobody takes that for the end.
 * An outage of the database is waited out. Throws `NotFound`, `Forbidden`, `InvalidInput`.
 */
export async function followChunks(
  runtime: Runtime,
  watch: TaskWatch,
  caller: Caller,
  input: FollowChunksInput,
): Promise<AsyncIterableIterator<FollowedChunk>> {
  caller = authorize(caller, "task.read");
  const { taskId, after } = parseInput(FollowChunks, input);
  if (!(await readTask(runtime.database, caller, taskId))) throw new NotFound("task");
  return stoppable((signal) => chunksOf(runtime, watch, { taskId, after: after ?? 0, signal }));
}

interface Following {
  readonly taskId: string;
  readonly after: number;
  readonly signal: AbortSignal;
}

async function* chunksOf(
  runtime: Runtime,
  watch: TaskWatch,
  { taskId, after, signal }: Following,
): AsyncGenerator<FollowedChunk, void, void> {
  let status: TaskStatus | null = null;
  let wake = () => {};
  const unwatch = watch.watch(taskId, (read) => {
    status = read;
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    for (let last = after; !signal.aborted;) {
      const seen = status as TaskStatus | null;
      let page: TaskChunk[] = [];
      try {
        if (seen && seen.chunkCount > last) page = await runtime.database.run(chunksAfter, [taskId, last]);
        // What was there when it had ended is all; without a row of it, they have been removed since.
        if (page.length === 0 && seen?.ended) return;
      } catch (error) {
        // The next look asks again.
        watch.onError(error as Error);
      }
      for (const chunk of page) {
        yield { ...chunk, cursor: String(chunk.number) };
        last = chunk.number;
      }
      if (page.length > 0 || status !== seen || signal.aborted) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    unwatch();
  }
}
