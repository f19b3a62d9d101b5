import type { Caller } from "@muster/domain/actor.ts";
import type { TaskAction } from "@muster/domain/task-lifecycle.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { parseInput, text } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import { Attempt, repeatedOrRefused } from "./attempt.ts";
import { endAttempt } from "./end-attempt.ts";
import type { MovedTask } from "./task.ts";

const FailTask = Attempt.extend({
  kind: text(100).nullish(),
  message: text(10_000),
  retryable: z.boolean().nullish(),
});
const FAILING = ["RETRY", "FAIL", "CONFIRM"] as const satisfies readonly TaskAction[];
export type FailTaskInput = z.input<typeof FailTask>;

/**
 * The run failed. It is queued again after its backoff when it is `retryable` (the default) and has failures left, and else
 * ends as FAILED; one that was being cancelled ends as CANCELLED. Repeating it answers the same. Throws `LeaseLost`,
 * `NotFound`, `Forbidden`, `InvalidInput`.
 */
export async function failTask(runtime: Runtime, caller: Caller, input: FailTaskInput): Promise<MovedTask> {
  caller = authorize(caller, "agent.act");
  const { kind, message, retryable, ...attempt } = parseInput(FailTask, input);
  const error = { kind: kind ?? "error", message, retryable: retryable ?? true };
  const moved = await endAttempt(runtime, { caller, ...attempt, actions: FAILING, move: { error } });
  return moved ?? repeatedOrRefused(runtime, caller, attempt, FAILING);
}
