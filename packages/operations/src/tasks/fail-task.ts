import type { Caller } from "@muster/domain/actor.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { parseInput, text } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import { Attempt, PRESENT_ATTEMPT, repeatedOrRefused } from "./attempt.ts";
import { moveTask, movesStatement } from "./move-tasks.ts";
import type { Task } from "./task.ts";

const FailTask = Attempt.extend({
  kind: text(100).nullish(),
  message: text(10_000),
  retryable: z.boolean().nullish(),
});
export type FailTaskInput = z.input<typeof FailTask>;

const fail = movesStatement({ actions: ["RETRY", "FAIL", "CONFIRM"], where: PRESENT_ATTEMPT });

/**
 * The run failed. It is queued again after its backoff when it is `retryable` (the default) and has failures left, and else
 * ends as FAILED; one that was being cancelled ends as CANCELLED. Repeating it answers the same. Throws `LeaseLost`,
 * `NotFound`, `Forbidden`, `InvalidInput`.
 */
export async function failTask(runtime: Runtime, caller: Caller, input: FailTaskInput): Promise<Task> {
  authorize(caller, "agent.act");
  const { kind, message, retryable, ...attempt } = parseInput(FailTask, input);
  const error = { kind: kind ?? "error", message, retryable: retryable ?? true };
  const moved = await moveTask(runtime, caller, fail, { error }, [attempt.taskId, attempt.attempt]);
  return moved ?? repeatedOrRefused(runtime, caller, attempt, ["RETRY", "FAIL", "CONFIRM"]);
}
