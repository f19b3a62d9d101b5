import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, type InputIssue } from "@muster/domain/errors.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { parseInput } from "../input.ts";
import { cronTimes } from "./cron-times.ts";

export const MOST_PREVIEWED = 100;
/** The expression itself may be anything: what is wrong with it is the answer. */
const PreviewCron = z.object({
  cron: z.string().max(200),
  timeZone: z.string().max(100),
  count: z.int().min(1).max(MOST_PREVIEWED),
});
export type PreviewCronInput = z.input<typeof PreviewCron>;

/** What an expression says. */
export interface CronPreview {
  /** Its next times; none when it is wrong. */
  readonly times: readonly Date[];
  readonly issues: readonly InputIssue[];
}

/**
 * The next times of a cron expression that no schedule has yet, for those who are about to write one. What is wrong with the
 * expression or the time zone is part of the answer. Throws `InvalidInput` for a count out of range.
 */
export function previewCron(caller: Caller, input: PreviewCronInput, from = new Date()): CronPreview {
  caller = authorize(caller, "task.read");
  const { cron, timeZone, count } = parseInput(PreviewCron, input);
  try {
    const times = cronTimes(cron, timeZone).after(from, count);
    if (times.length > 0) return { times, issues: [] };
    return { times, issues: [{ path: ["cron"], message: "never comes: none of its months has such a day." }] };
  } catch (error) {
    if (error instanceof InvalidInput) return { times: [], issues: error.issues };
    throw error;
  }
}
