import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, IllegalTransition, NotFound } from "@muster/domain/errors.ts";
import { allowedActions, nextState } from "@muster/domain/lifecycle.ts";
import { taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { parseInput, text } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import { moveTask, movesStatement } from "./move-tasks.ts";
import type { MovedTask } from "./task.ts";
import { readTask } from "./task-queries.ts";

const CancelTask = z.object({ taskId: z.guid(), reason: text(2_000) });
export type CancelTaskInput = z.input<typeof CancelTask>;

const MAX_TRIES = 10;

const cancel = movesStatement({ actions: ["CANCEL"], where: "t.id = $13" });

/**
 * Cancels a task: at once when it is not running, else its agent is asked to stop and the run ends by force after the grace
 * period. Throws `IllegalTransition` for a task that has ended or is being cancelled already, `NotFound`, `InvalidInput`.
 */
export async function cancelTask(runtime: Runtime, caller: Caller, input: CancelTaskInput): Promise<MovedTask> {
  caller = authorize(caller, "task.cancel");
  const { taskId, reason } = parseInput(CancelTask, input);
  // A task that is assigned between the statement's two locks is left alone (its agent has to be locked first): try again.
  for (let tries = 1; ; tries += 1) {
    const moved = await moveTask(runtime, caller, cancel, { reason }, [taskId]);
    if (moved) return moved;
    const task = await readTask(runtime.database, caller, taskId);
    if (!task) throw new NotFound("task");
    if (nextState(taskLifecycle, task.state, "CANCEL") === null) {
      throw new IllegalTransition("task", task.state, "CANCEL", allowedActions(taskLifecycle, task.state, "client"));
    }
    if (tries === MAX_TRIES) throw new Conflict("state", "one that stays", task.state);
  }
}
