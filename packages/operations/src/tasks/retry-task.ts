import type { Caller } from "@muster/domain/actor.ts";
import { IllegalTransition, NotFound } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { allowedActions } from "@muster/domain/lifecycle.ts";
import { taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { json, parseInput } from "../input.ts";
import { newId } from "../new-id.ts";
import { oncePer } from "../once-per.ts";
import { takeTaskRoom } from "../quotas/task-quotas.ts";
import { type Runtime, write, writeAll } from "../runtime.ts";
import type { OperationSettings } from "../settings.ts";
import { callerValues } from "../caller-values.ts";
import { Priority } from "./create-task-input.ts";
import { workChanged } from "./local-work.ts";
import { replayStatement } from "./replay-tasks.ts";
import { type Task, taskColumns } from "./task.ts";
import { readTask } from "./task-queries.ts";

export interface RetryTaskInput {
  readonly taskId: string;
  /** Instead of the first task's input. */
  readonly input?: Json | undefined;
  /** Instead of the first task's priority. */
  readonly priority?: number | null | undefined;
  /** Not before this time; at once without it. */
  readonly runAt?: Date | null | undefined;
}

const retry = oncePer(({ maxJsonBytes }: OperationSettings) =>
  z.object({
    taskId: z.guid(),
    input: json(maxJsonBytes).optional(),
    priority: Priority.nullish(),
    runAt: z.date().nullish(),
  }),
);

const replay = replayStatement<Task>(taskColumns("c"), {
  priority: "coalesce($11::int, t.priority)",
  runAt: "coalesce($12::timestamptz, clock_timestamp())",
});

/**
 * Runs an ended task again, as a new task that is linked to it: history is never rewritten. The new one has the same settings,
 * no deadline and no idempotency key. Throws `IllegalTransition` while the task has not ended, `NotFound`, `InvalidInput`, `LimitExceeded`.
 */
export async function retryTask(runtime: Runtime, caller: Caller, input: RetryTaskInput): Promise<Task> {
  caller = authorize(caller, "task.retry");
  const { taskId, input: replaced, priority = null, runAt = null } = parseInput(retry(runtime.settings), input);
  const valuesOf = (limited: boolean) => [
    ...callerValues(caller),
    [taskId],
    [newId()],
    replaced === undefined ? null : JSON.stringify(replaced),
    limited,
    priority,
    runAt,
  ];
  const [unlimited] = await write(runtime, replay, valuesOf(false));
  const created = unlimited ?? (await replayWithRoom(runtime, valuesOf(true)));
  if (created) {
    workChanged(runtime, [{ projectId: created.projectId, agentId: created.targetAgentId }]);
    return created;
  }
  const task = await readTask(runtime.database, caller, taskId);
  if (!task) throw new NotFound("task");
  throw new IllegalTransition("task", task.state, "RETRY", allowedActions(taskLifecycle, task.state, "client"));
}

/** Also in a workspace that limits how many tasks are created. Throws `LimitExceeded`. */
function replayWithRoom(runtime: Runtime, values: readonly unknown[]): Promise<Task | undefined> {
  return writeAll(runtime, async (transaction) => {
    const [created] = await transaction.run(replay, values);
    if (created) await takeTaskRoom(transaction, [created.id]);
    return created;
  });
}
