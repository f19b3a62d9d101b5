import type { Caller } from "@muster/domain/actor.ts";
import type { z } from "zod";
import { authorize } from "../authorize.ts";
import { parseInput } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import { Attempt, repeatedOrRefused } from "./attempt.ts";
import { startAttempt } from "./start-attempt.ts";
import type { MovedTask } from "./task.ts";

export type StartTaskInput = z.input<typeof Attempt>;

/**
 * The agent has the task and begins: its lease and its time limit run from here. Repeating it while the run goes on answers
 * the same. Throws `LeaseLost` when the offer was taken back, `NotFound`, `Forbidden`.
 */
export async function startTask(runtime: Runtime, caller: Caller, input: StartTaskInput): Promise<MovedTask> {
  caller = authorize(caller, "agent.act");
  const attempt = parseInput(Attempt, input);
  const moved = await startAttempt(runtime, { caller, ...attempt });
  return moved ?? repeatedOrRefused(runtime, caller, attempt, ["START"], true);
}
