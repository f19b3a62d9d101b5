import { IllegalTransition } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import type { CreateTaskInput } from "@muster/operations/tasks/create-task-input.ts";
import { createTask } from "@muster/operations/tasks/create-task.ts";
import { createTasks } from "@muster/operations/tasks/create-tasks.ts";
import { retryTask } from "@muster/operations/tasks/retry-task.ts";
import type { Task } from "@muster/operations/tasks/task.ts";
import { builder } from "../builder.ts";
import { optionalUuidOf, uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { TaskType } from "./task.ts";

const BackoffInput = builder.inputType("BackoffInput", {
  description: "How long a failed task waits: initialMs, then factor times as long each time, up to maxMs.",
  fields: (t) => ({
    initialMs: t.int({ required: true, description: "Before the second attempt, in milliseconds." }),
    factor: t.float({ required: true, description: "How much longer each time; at least 1." }),
    maxMs: t.int({ required: true, description: "Never longer than this." }),
    jitter: t.boolean({ description: "Whether to wait a random part of that, so that many do not come back at once." }),
  }),
});

const CreateTaskInputType = builder.inputType("CreateTaskInput", {
  description: "A new task. With neither agentId nor capability, any agent that is capable of its kind may run it.",
  fields: (t) => ({
    projectId: t.id({ required: true, description: "The project." }),
    kind: t.string({ required: true, description: "What is to be done, as agents name it." }),
    input: t.field({ type: "JSON", required: true, description: "What the agent gets." }),
    agentId: t.id({ description: "The one agent that may run it." }),
    capability: t.string({ description: "What an agent must be capable of; the kind without it." }),
    queue: t.string({ description: "A name to group tasks by; default without it." }),
    priority: t.int({ description: "From -1000 to 1000; higher runs first; 0 without it." }),
    runAt: t.field({ type: "DateTime", description: "Not before this time; at once without it." }),
    deadline: t.field({ type: "DateTime", description: "It expires when it has not been started by then." }),
    timeoutMs: t.int({ description: "How long one attempt may run, in milliseconds." }),
    maxFailures: t.int({ description: "After so many failures it is given up; 1 to 100, 3 without it." }),
    backoff: t.field({
      type: BackoffInput,
      description: "How long it waits after a failure; a second, doubling up to five minutes, without it.",
    }),
    idempotencyKey: t.string({ description: "Creating with the same key again in the project gives the first task." }),
    concurrencyKey: t.string({ description: "Of the project's tasks with the same key one runs at a time." }),
  }),
});

function taskOf({ projectId, agentId, input, ...task }: typeof CreateTaskInputType.$inferInput): CreateTaskInput {
  return {
    ...task,
    input: input as Json,
    projectId: uuidOf("project", projectId),
    agentId: optionalUuidOf("agent", agentId),
  };
}

mutation("createTask", {
  description: "Queues a task.",
  input: CreateTaskInputType,
  success: builder.objectRef<{ data: Task; repeated: boolean }>("CreateTaskSuccess").implement({
    description: "The task is there.",
    fields: (t) => ({
      data: t.field({ type: TaskType, description: "The task.", resolve: (success) => success.data }),
      repeated: t.exposeBoolean("repeated", { description: "Whether its idempotency key had created it before." }),
    }),
  }),
  resolve: async (input, { runtime, caller }) => {
    const { task, repeated } = await createTask(runtime, caller, taskOf(input));
    return { data: task, repeated };
  },
});

mutation("createTasks", {
  description: "Queues up to 10,000 tasks, all or none.",
  input: builder.inputType("CreateTasksInput", {
    description: "New tasks.",
    fields: (t) => ({
      tasks: t.field({ type: [CreateTaskInputType], required: true, description: "1 to 10,000 tasks." }),
    }),
  }),
  success: builder.objectRef<{ data: Task[]; repeated: boolean[] }>("CreateTasksSuccess").implement({
    description: "All tasks are there.",
    fields: (t) => ({
      data: t.field({
        type: [TaskType],
        description: "The tasks, in the order of the input.",
        resolve: (success) => success.data,
      }),
      repeated: t.exposeBooleanList("repeated", {
        description: "For each of them, whether its idempotency key had created it before.",
      }),
    }),
  }),
  resolve: async ({ tasks }, { runtime, caller }) => {
    const created = await createTasks(runtime, caller, { tasks: tasks.map(taskOf) });
    return { data: created.map(({ task }) => task), repeated: created.map(({ repeated }) => repeated) };
  },
});

mutation("retryTask", {
  description: "Runs an ended task again, as a new one that is linked by replayOf.",
  input: builder.inputType("RetryTaskInput", {
    description: "Which task to run again.",
    fields: (t) => ({
      taskId: t.id({ required: true, description: "The ended task." }),
      input: t.field({ type: "JSON", description: "Another input; without it, the same." }),
    }),
  }),
  success: successOf("retryTask", TaskType),
  errors: [IllegalTransition],
  resolve: async ({ taskId, input }, { runtime, caller }) => ({
    data: await retryTask(runtime, caller, { taskId: uuidOf("task", taskId), input: input ?? undefined }),
  }),
});
