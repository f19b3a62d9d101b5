import type { Client } from "@muster/client/client.ts";
import { isPermanent } from "@muster/client/errors.ts";
import type { Task, TaskHandler, TaskTools, Tools } from "./agent-definition.ts";
import { COMPLETE_TASK, FAIL_TASK, REPORT_PROGRESS, type TaskRef } from "./documents.ts";
import { describeFailure, type FailureReport, messageOf, TaskAborted, TaskFailure } from "./failure.ts";
import { isLeaseLost, mutateUntilAnswered } from "./mutate.ts";
import { createProgressReporter } from "./progress.ts";

/** How often a task's progress is sent at most. */
const PROGRESS_INTERVAL_MS = 200;

export interface StartedTask {
  readonly task: Task;
  readonly handler: TaskHandler | undefined;
  /** With the signal that aborts the handler; its reason is a `TaskAborted`. */
  readonly tools: Tools;
  /** Aborted when nobody wants the result any more. */
  readonly discard: AbortController;
  /** To be called when the server says that this attempt is not the agent's any more: aborts both. */
  readonly lost: () => void;
}

/** Runs the handler of a task that the server knows as started, and reports what comes of it. Never throws. */
export async function runTask(client: Client, started: StartedTask): Promise<void> {
  const { task, tools, discard } = started;
  const { log } = tools;
  const ref: TaskRef = { taskId: task.id, attempt: task.attempt };
  let chunks = 0;
  const progress = createProgressReporter(async (update) => {
    // One that is sent again, because its answer was lost, is known by its number.
    const numbered = update.chunk === undefined ? {} : { chunkSequence: (chunks += 1) };
    try {
      await mutateUntilAnswered(client, REPORT_PROGRESS, { ...ref, ...update, ...numbered }, discard.signal);
    } catch (error) {
      if (isLeaseLost(error)) started.lost();
      else if (!discard.signal.aborted) log.warn("progress was not accepted", { reason: messageOf(error) });
    }
  }, PROGRESS_INTERVAL_MS);
  const taskTools: TaskTools = {
    ...tools,
    progress: (fraction, message, chunk) =>
      progress.report({
        ...(fraction === null || Number.isNaN(fraction) ? {} : { progress: Math.min(1, Math.max(0, fraction)) }),
        ...(message === undefined ? {} : { message }),
        ...(chunk === undefined ? {} : { chunk }),
      }),
  };
  const outcome = await settle(started, taskTools);
  await progress.finish();
  try {
    discard.signal.throwIfAborted();
    log.info(await report(client, ref, outcome, tools.signal, discard.signal));
  } catch (error) {
    if (isLeaseLost(error) || discard.signal.aborted) log.info("result dropped", { reason: messageOf(error) });
    else log.error("result could not be reported", { error });
  }
}

type Outcome = { readonly output: unknown } | { readonly error: unknown };

async function settle({ task, handler }: StartedTask, tools: TaskTools): Promise<Outcome> {
  if (!handler) {
    const message = `This agent has no handler for tasks of kind ${task.kind}.`;
    return { error: new TaskFailure(message, { kind: "unsupported_kind", retryable: false }) };
  }
  try {
    tools.signal.throwIfAborted();
    return { output: await handler(task, tools) };
  } catch (error) {
    return { error };
  }
}

/** Tells the server, and answers a line for the log. */
async function report(
  client: Client,
  ref: TaskRef,
  outcome: Outcome,
  aborted: AbortSignal,
  discarded: AbortSignal,
): Promise<string> {
  if ("output" in outcome) {
    try {
      await mutateUntilAnswered(client, COMPLETE_TASK, { ...ref, output: outcome.output ?? null }, discarded);
      return "task completed";
    } catch (error) {
      if (isLeaseLost(error) || discarded.aborted) throw error;
      // An output that is no JSON, too large or otherwise refused must not leave the task without an answer.
      const retryable = !(isPermanent(error) || error instanceof TypeError);
      return fail(client, ref, { kind: "invalid_output", message: messageOf(error), retryable }, discarded);
    }
  }
  return fail(client, ref, failureReport(outcome.error, aborted), discarded);
}

async function fail(client: Client, ref: TaskRef, failure: FailureReport, discarded: AbortSignal): Promise<string> {
  await mutateUntilAnswered(client, FAIL_TASK, { ...ref, ...failure }, discarded);
  return `task failed: ${failure.message}`;
}

/** What a handler threw after its signal aborted says less than why it aborted. */
export function failureReport(error: unknown, aborted: AbortSignal): FailureReport {
  const reason: unknown = aborted.reason;
  if (!(reason instanceof TaskAborted)) return describeFailure(error);
  return reason.reason === "cancelled"
    ? { kind: "cancelled", message: reason.message, retryable: false }
    : { kind: "shutdown", message: reason.message, retryable: true };
}
