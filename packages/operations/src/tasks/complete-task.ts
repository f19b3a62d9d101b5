import type { Caller } from "@muster/domain/actor.ts";
import type { Json } from "@muster/domain/json.ts";
import { authorize } from "../authorize.ts";
import { oncePer } from "../once-per.ts";
import { json, parseInput } from "../input.ts";
import type { OperationSettings } from "../settings.ts";
import type { Runtime } from "../runtime.ts";
import { Attempt, repeatedOrRefused } from "./attempt.ts";
import { completeAttempt } from "./complete-attempt.ts";
import type { MovedTask } from "./task.ts";

export interface CompleteTaskInput {
  readonly taskId: string;
  readonly attempt: number;
  /** The result; any JSON up to `maxJsonBytes`. */
  readonly output?: Json | null | undefined;
}

const completion = oncePer(({ maxJsonBytes }: OperationSettings) => Attempt.extend({ output: json(maxJsonBytes) }));

/**
 * The run went well, even when it was being cancelled. Repeating it answers the same. Throws `LeaseLost` when the caller
 * no longer holds the task: its result is not taken; `NotFound`, `Forbidden`, `InvalidInput`.
 */
export async function completeTask(runtime: Runtime, caller: Caller, input: CompleteTaskInput): Promise<MovedTask> {
  caller = authorize(caller, "agent.act");
  const { output, ...attempt } = parseInput(completion(runtime.settings), {
    ...input,
    output: input.output ?? null,
  });
  const moved = await completeAttempt(runtime, { caller, ...attempt, output: output ?? null });
  return moved ?? repeatedOrRefused(runtime, caller, attempt, ["COMPLETE"]);
}
