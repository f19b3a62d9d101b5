import type { Json } from "@muster/domain/json.ts";
import type { CreateTaskInput } from "@muster/operations/tasks/create-task-input.ts";
import { builder } from "../builder.ts";
import { optionalUuidOf, uuidOf } from "../ids.ts";
import { DependencyConditionEnum } from "./task-enums.ts";

export const BackoffInput = builder.inputType("BackoffInput", {
  description: "How long a failed task waits: initialMs, then factor times as long each time, up to maxMs.",
  fields: (t) => ({
    initialMs: t.int({ required: true, description: "Before the second attempt, in milliseconds." }),
    factor: t.float({ required: true, description: "How much longer each time; at least 1." }),
    maxMs: t.int({ required: true, description: "Never longer than this." }),
    jitter: t.boolean({ description: "Whether to wait a random part of that, so that many do not come back at once." }),
  }),
});

export const RetryRuleInput = builder.inputType("RetryRuleInput", {
  description: "What differs for errors of one kind. What it does not say is as for all errors of the task.",
  fields: (t) => ({
    errorKind: t.string({
      required: true,
      description: "As failTask names it, or timeout, lease_expired, agent_left.",
    }),
    retryable: t.boolean({ description: "Whether it is tried again, whatever the agent says." }),
    maxFailures: t.int({ description: "After so many failures of the task, 1 to 100, this kind is not tried again." }),
    backoff: t.field({ type: BackoffInput, description: "How long it waits after this kind of error." }),
  }),
});

type InputFields = Parameters<NonNullable<Parameters<typeof builder.inputType<string, never>>[1]["fields"]>>[0];

/** What every new task says of itself, whoever creates it. */
export function taskFields(t: InputFields) {
  return {
    kind: t.string({ required: true, description: "What is to be done, as agents name it." }),
    input: t.field({ type: "JSON", required: true, description: "What the agent gets; at most 1 MiB of JSON." }),
    agentId: t.id({ description: "The one agent that may run it." }),
    capability: t.string({ description: "What an agent must be capable of; the kind without it." }),
    labels: t.field({
      type: "JSON",
      description: "Labels that the agent must have, as an object of texts; any agent without it.",
    }),
    queue: t.string({ description: "A name to group tasks by; default without it." }),
    priority: t.int({ description: "From -1000 to 1000; higher runs first; 0 without it." }),
    timeoutMs: t.int({ description: "How long one attempt may run, in milliseconds." }),
    maxFailures: t.int({ description: "After so many failures it is given up; 1 to 100, 3 without it." }),
    backoff: t.field({
      type: BackoffInput,
      description: "How long it waits after a failure; a second, doubling up to five minutes, without it.",
    }),
    retryRules: t.field({
      type: [RetryRuleInput],
      description: "What differs by the kind of error; at most 50, one for each kind.",
    }),
    concurrencyKey: t.string({
      description: "Of the project's tasks with the same key, agents hold concurrencyLimit at a time.",
    }),
    concurrencyLimit: t.int({ description: "How many of its concurrencyKey; 1 to 10,000, 1 without it." }),
    rateLimitKey: t.string({ description: "The rate limit of the project that it counts towards." }),
    resultTtlMs: t.float({
      description:
        "For so many milliseconds after its end its output and chunks are kept, 1,000 to ten years; null: for ever. What the installation says without it.",
    }),
  };
}

/** When a new task may run. */
export function timeFields(t: InputFields) {
  return {
    runAt: t.field({ type: "DateTime", description: "Not before this time; at once without it." }),
    deadline: t.field({ type: "DateTime", description: "It expires when it has not been started by then." }),
  };
}

export const CreateTaskInputType = builder.inputType("CreateTaskInput", {
  description: "A new task. With neither agentId nor capability, any agent that is capable of its kind may run it.",
  fields: (t) => ({
    projectId: t.id({ required: true, description: "The project." }),
    ...taskFields(t),
    ...timeFields(t),
    idempotencyKey: t.string({ description: "Creating with the same key again in the project gives the first task." }),
    idempotencyWindowMs: t.float({
      description: "After so many milliseconds the idempotency key creates anew, 1,000 to ten years; never without it.",
    }),
    dependsOn: t.idList({ description: "Tasks of the project that it waits for; at most 200." }),
    dependencyCondition: t.field({
      type: DependencyConditionEnum,
      description: "What has to become of these; ALL_SUCCEEDED without it.",
    }),
  }),
});

/** What operations take in place of the API's types. Labels are checked there. */
export function taskOf<Given extends { input?: unknown; agentId?: string | null | undefined; labels?: unknown }>(
  given: Given,
) {
  return {
    ...given,
    input: given.input as Json,
    agentId: optionalUuidOf("agent", given.agentId),
    labels: given.labels as CreateTaskInput["labels"],
  };
}

/** What `createTask` takes. */
export function taskInputOf({
  projectId,
  dependsOn,
  ...task
}: typeof CreateTaskInputType.$inferInput): CreateTaskInput {
  return {
    ...taskOf(task),
    projectId: uuidOf("project", projectId),
    dependsOn: dependsOn?.map((id) => uuidOf("task", id)),
  };
}
