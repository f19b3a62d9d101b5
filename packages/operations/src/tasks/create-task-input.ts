import type { Json } from "@muster/domain/json.ts";
import { z } from "zod";
import { json, text } from "../input.ts";

export interface CreateTaskInput {
  readonly projectId: string;
  readonly kind: string;
  readonly input: Json;
  /** The one agent that may run it. With neither an agent nor a capability, any agent that is capable of `kind` may. */
  readonly agentId?: string | null | undefined;
  readonly capability?: string | null | undefined;
  readonly queue?: string | null | undefined;
  /** From -1000 to 1000; higher runs first. */
  readonly priority?: number | null | undefined;
  readonly runAt?: Date | null | undefined;
  /** When it expires unless it has started. */
  readonly deadline?: Date | null | undefined;
  /** How long one attempt may run. */
  readonly timeoutMs?: number | null | undefined;
  /** How many failed attempts end it; 3 by default. */
  readonly maxFailures?: number | null | undefined;
  readonly backoff?: Backoff | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
  /** Of the tasks of a project with the same key, one runs at a time. */
  readonly concurrencyKey?: string | null | undefined;
}

/** The wait before attempt n + 1 is `initialMs * factor^(n - 1)`, at most `maxMs`; with jitter a random part of that. */
export interface Backoff {
  readonly initialMs: number;
  readonly factor: number;
  readonly maxMs: number;
  readonly jitter?: boolean | null | undefined;
}

const DAY_MS = 86_400_000;

const BackoffSchema = z.object({
  initialMs: z.int().min(0).max(DAY_MS),
  factor: z.number().min(1).max(100),
  maxMs: z
    .int()
    .min(0)
    .max(7 * DAY_MS),
  jitter: z.boolean().nullish(),
});

function taskSchema(maxJsonBytes: number) {
  return z.object({
    projectId: z.guid(),
    kind: text(200),
    input: json(maxJsonBytes),
    agentId: z.guid().nullish(),
    capability: text(200).nullish(),
    queue: text(200).nullish(),
    priority: z.int().min(-1000).max(1000).nullish(),
    runAt: z.date().nullish(),
    deadline: z.date().nullish(),
    timeoutMs: z
      .int()
      .min(1)
      .max(7 * DAY_MS)
      .nullish(),
    maxFailures: z.int().min(1).max(100).nullish(),
    backoff: BackoffSchema.nullish(),
    idempotencyKey: text(255).nullish(),
    concurrencyKey: text(255).nullish(),
  });
}

export type ParsedTask = z.output<ReturnType<typeof taskSchema>>;

/** What `createTask` takes. */
export function createTaskSchema(maxJsonBytes: number) {
  return taskSchema(maxJsonBytes);
}

/** What `createTasks` takes. */
export function createTasksSchema(maxJsonBytes: number) {
  return z.object({
    tasks: z.array(taskSchema(maxJsonBytes)).min(1, "must not be empty.").max(10_000, "at most 10,000 tasks at once."),
  });
}
