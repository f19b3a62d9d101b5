import type { Json } from "@muster/domain/json.ts";
import type { CreateTaskInput } from "@muster/operations/tasks/create-task-input.ts";
import { builder } from "../builder.ts";
import { optionalUuidOf, uuidOf } from "../ids.ts";

const BackoffInput = builder.inputType("BackoffInput", {
  description: "How long to wait before another attempt: initialMs × factor^(failures - 1), at most maxMs.",
  fields: (t) => ({
    initialMs: t.int({ required: true, description: "After the first failure, in milliseconds." }),
    factor: t.float({ required: true, description: "By how much the wait grows with each failure, from 1." }),
    maxMs: t.int({ required: true, description: "The longest wait, in milliseconds." }),
    jitter: t.boolean({ description: "Whether a random part of it is waited; true when left out." }),
  }),
});

export const CreateTaskInputType = builder.inputType("CreateTaskInput", {
  description: "A new task. With neither an agent nor a capability, any agent that is capable of its kind may run it.",
  fields: (t) => ({
    projectId: t.id({ required: true, description: "The project it belongs to." }),
    kind: t.string({ required: true, description: "What is to be done." }),
    input: t.field({ type: "JSON", required: true, description: "What it is given: any JSON up to 1 MB." }),
    agentId: t.id({ description: "The one agent that may run it." }),
    capability: t.string({ description: "What its agent has to be able to do." }),
    queue: t.string({ description: "The queue; default when left out." }),
    priority: t.int({ description: "From -1000 to 1000; higher runs first. 0 when left out." }),
    runAt: t.field({ type: "DateTime", description: "Not before this time." }),
    deadline: t.field({ type: "DateTime", description: "Expires when it has not started by then." }),
    timeoutMs: t.int({ description: "How long one attempt may run, in milliseconds." }),
    maxFailures: t.int({ description: "With so many failures it is FAILED, 1 to 100; 3 when left out." }),
    backoff: t.field({ type: BackoffInput, description: "How long to wait before another attempt." }),
    idempotencyKey: t.string({ description: "Creating a task with this key again gives the first one." }),
    concurrencyKey: t.string({ description: "Of the tasks with this key, one runs at a time." }),
  }),
});

/** The operation's input, with UUIDs. */
export function createTaskInputOf({ projectId, agentId, input, ...rest }: typeof CreateTaskInputType.$inferInput): CreateTaskInput {
  return {
    ...rest,
    input: input as Json,
    projectId: uuidOf("project", projectId),
    agentId: optionalUuidOf("agent", agentId),
  };
}
