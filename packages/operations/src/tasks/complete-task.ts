import type { Caller } from "@muster/domain/actor.ts";
import type { Json } from "@muster/domain/json.ts";
import { authorize } from "../authorize.ts";
import { json, parseInput } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import { Attempt, PRESENT_ATTEMPT, repeatedOrRefused } from "./attempt.ts";
import { moveTask, movesStatement } from "./move-tasks.ts";
import type { Task } from "./task.ts";

export interface CompleteTaskInput {
  readonly taskId: string;
  readonly attempt: number;
  /** The result; any JSON up to `maxJsonBytes`. */
  readonly output?: Json | null | undefined;
}

const complete = movesStatement({ actions: ["COMPLETE"], where: PRESENT_ATTEMPT });

/**
 * The run went well, even when it was being cancelled. Repeating it answers the same. Throws `LeaseLost` when the caller
 * no longer holds the task: its result is not taken; `NotFound`, `Forbidden`, `InvalidInput`.
 */
export async function completeTask(runtime: Runtime, caller: Caller, input: CompleteTaskInput): Promise<Task> {
  authorize(caller, "agent.act");
  const schema = Attempt.extend({ output: json(runtime.settings.maxJsonBytes) });
  const { output, ...attempt } = parseInput(schema, { ...input, output: input.output ?? null });
  const moved = await moveTask(runtime, caller, complete, { output }, [attempt.taskId, attempt.attempt]);
  return moved ?? repeatedOrRefused(runtime, caller, attempt, ["COMPLETE"]);
}
