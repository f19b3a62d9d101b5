import { InvalidInput } from "@muster/domain/errors.ts";
import { z } from "zod";
import { oncePer } from "../once-per.ts";
import { parseInput } from "../input.ts";
import type { OperationSettings } from "../settings.ts";
import { type CreateTaskInput, createTaskSchema, type ParsedTask } from "../tasks/create-task-input.ts";

/** What belongs to one task alone, and so to no template. */
const OWN = {
  projectId: true,
  runAt: true,
  deadline: true,
  idempotencyKey: true,
  idempotencyWindowMs: true,
  dependsOn: true,
  dependencyCondition: true,
} as const;

/** What the tasks of a schedule are like: what `createTask` takes, but for what differs from one to the next. */
export interface TaskTemplate extends Omit<CreateTaskInput, keyof typeof OWN> {
  /** A task expires when it has not been started so long after it was created; at least ten seconds. */
  readonly expiresAfterMs?: number | null | undefined;
}

type Limits = Pick<OperationSettings, "maxJsonBytes" | "resultTtlMs">;

const DAY_MS = 86_400_000;
/** The input is stored with each of its tasks; what is larger belongs into a context. */
const MAX_INPUT_BYTES = 65_536;

const templateSchema = oncePer((limits: Limits) =>
  createTaskSchema({ ...limits, maxJsonBytes: Math.min(limits.maxJsonBytes, MAX_INPUT_BYTES) })
    .omit(OWN)
    .extend({
      expiresAfterMs: z
        .int()
        .min(10_000)
        .max(365 * DAY_MS)
        .nullish(),
    }),
);

/** Checks a template as `createTask` would check its tasks. Throws `InvalidInput` with paths such as `task.kind`. */
export function checkTaskTemplate(template: TaskTemplate, limits: Limits): TaskTemplate {
  try {
    // What the installation says for all tasks is not made the schedule's own.
    return { ...parseInput(templateSchema(limits), template), resultTtlMs: template.resultTtlMs };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(error.issues.map(({ path, message }) => ({ path: ["task", ...path], message })));
  }
}

/** A task of the template that is created at `now`. Throws `InvalidInput` when the template was stored under other rules. */
export function taskOfTemplate(template: TaskTemplate, projectId: string, limits: Limits, now: Date): ParsedTask {
  const { expiresAfterMs, ...task } = parseInput(templateSchema(limits), template);
  const deadline = typeof expiresAfterMs === "number" ? new Date(now.getTime() + expiresAfterMs) : null;
  return { ...task, projectId, deadline };
}
