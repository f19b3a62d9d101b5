import { DEPENDENCY_CONDITIONS, type DependencyCondition } from "@muster/domain/dependency-condition.ts";
import type { Json } from "@muster/domain/json.ts";
import { z } from "zod";
import type { OperationSettings } from "../settings.ts";
import { oncePer } from "../once-per.ts";
import { json, labels, text } from "../input.ts";

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
  /** What differs by the kind of error. */
  readonly retryRules?: readonly RetryRule[] | null | undefined;
  /** Labels that the agent must have. */
  readonly labels?: { readonly [key: string]: string } | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
  /** After so long the idempotency key creates anew; for ever without it. */
  readonly idempotencyWindowMs?: number | null | undefined;
  /** Of the tasks of a project with the same key, `concurrencyLimit` are held at a time. */
  readonly concurrencyKey?: string | null | undefined;
  /** 1 without it. */
  readonly concurrencyLimit?: number | null | undefined;
  /** A rate limit of the project. */
  readonly rateLimitKey?: string | null | undefined;
  /** For so long after its end the output and chunks are kept; null: for ever. What the installation says without it. */
  readonly resultTtlMs?: number | null | undefined;
  /** Tasks of the same project that it waits for. */
  readonly dependsOn?: readonly string[] | null | undefined;
  /** What has to become of them; ALL_SUCCEEDED without it. */
  readonly dependencyCondition?: DependencyCondition | null | undefined;
}

/** For errors of one kind, in place of what the task says for all. */
export interface RetryRule {
  readonly errorKind: string;
  /** Decides, whatever the agent says. */
  readonly retryable?: boolean | null | undefined;
  readonly maxFailures?: number | null | undefined;
  readonly backoff?: Backoff | null | undefined;
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

export const Priority = z.int().min(-1000).max(1000);

const RetryRuleSchema = z.object({
  errorKind: text(100),
  retryable: z.boolean().nullish(),
  maxFailures: z.int().min(1).max(100).nullish(),
  backoff: BackoffSchema.nullish(),
});

/** One task waits for so many others at most: a page of them. */
export const MAX_DEPENDENCIES = 200;
const MAX_KEPT_MS = 3_660 * DAY_MS;
/** They are part of an index's key. */
const MAX_LABELS_LENGTH = 1_000;

type Limits = Pick<OperationSettings, "maxJsonBytes" | "resultTtlMs">;

const taskSchema = oncePer((limits: Limits) =>
  z.object({
    projectId: z.guid(),
    kind: text(200),
    input: json(limits.maxJsonBytes),
    agentId: z.guid().nullish(),
    capability: text(200).nullish(),
    queue: text(200).nullish(),
    priority: Priority.nullish(),
    runAt: z.date().nullish(),
    deadline: z.date().nullish(),
    timeoutMs: z
      .int()
      .min(1)
      .max(7 * DAY_MS)
      .nullish(),
    maxFailures: z.int().min(1).max(100).nullish(),
    backoff: BackoffSchema.nullish(),
    retryRules: z
      .array(RetryRuleSchema)
      .max(50)
      .refine((rules) => new Set(rules.map((rule) => rule.errorKind)).size === rules.length, "one rule for each kind.")
      .nullish(),
    labels: labels
      .refine((value) => JSON.stringify(value).length <= MAX_LABELS_LENGTH, "are too long together.")
      .nullish(),
    idempotencyKey: text(255).nullish(),
    idempotencyWindowMs: z.int().min(1_000).max(MAX_KEPT_MS).nullish(),
    concurrencyKey: text(255).nullish(),
    concurrencyLimit: z.int().min(1).max(10_000).nullish(),
    rateLimitKey: text(255).nullish(),
    resultTtlMs: z.int().min(1_000).max(MAX_KEPT_MS).nullable().default(limits.resultTtlMs),
    dependsOn: z.array(z.guid()).max(MAX_DEPENDENCIES, `at most ${MAX_DEPENDENCIES} dependencies.`).nullish(),
    dependencyCondition: z.enum(DEPENDENCY_CONDITIONS).nullish(),
  }),
);

export type ParsedTask = z.output<ReturnType<typeof taskSchema>>;

/** What `createTask` takes. */
export const createTaskSchema = taskSchema;

/** What `createTasks` takes. */
export const createTasksSchema = oncePer((limits: Limits) =>
  z.object({
    tasks: z.array(taskSchema(limits)).min(1, "must not be empty.").max(10_000, "at most 10,000 tasks at once."),
  }),
);
