import { Conflict, IllegalTransition } from "@muster/domain/errors.ts";
import { cancelTask } from "@muster/operations/tasks/cancel-task.ts";
import { createTask } from "@muster/operations/tasks/create-task.ts";
import { createTasks } from "@muster/operations/tasks/create-tasks.ts";
import { retryTask } from "@muster/operations/tasks/retry-task.ts";
import type { Task } from "@muster/operations/tasks/task.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { createTaskInputOf, CreateTaskInputType } from "./task-input.ts";
import { TaskType } from "./task.ts";

mutation("createTask", {
  description: "Queues a task.",
  input: CreateTaskInputType,
  success: builder.objectRef<{ data: Task; repeated: boolean }>("CreateTaskSuccess").implement({
    description: "The task is queued.",
    fields: (t) => ({
      data: t.field({ type: TaskType, description: "The task.", resolve: (success) => success.data }),
      repeated: t.exposeBoolean("repeated", { description: "Whether it was there already, under the same idempotencyKey." }),
    }),
  }),
  resolve: async (input, { runtime, caller }) => {
    const created = await createTask(runtime, caller, createTaskInputOf(input));
    return { data: created.task, repeated: created.repeated };
  },
});

mutation("createTasks", {
  description: "Queues up to 10,000 tasks, all or none.",
  input: builder.inputType("CreateTasksInput", {
    description: "New tasks.",
    fields: (t) => ({
      tasks: t.field({ type: [CreateTaskInputType], required: true, description: "The tasks, 1 to 10,000." }),
    }),
  }),
  success: builder.objectRef<{ data: Task[]; repeated: boolean[] }>("CreateTasksSuccess").implement({
    description: "The tasks are queued.",
    fields: (t) => ({
      data: t.field({ type: [TaskType], description: "The tasks, in the order of the input.", resolve: (success) => success.data }),
      repeated: t.booleanList({
        description: "For each, whether it was there already, under the same idempotencyKey.",
        resolve: (success) => success.repeated,
      }),
    }),
  }),
  resolve: async ({ tasks }, { runtime, caller }) => {
    const created = await createTasks(runtime, caller, { tasks: tasks.map(createTaskInputOf) });
    return { data: created.map(({ task }) => task), repeated: created.map(({ repeated }) => repeated) };
  },
});

mutation("cancelTask", {
  description: "Cancels a task: at once when it is not running, else its agent is asked to stop, and the run ends by force after a grace period.",
  input: builder.inputType("CancelTaskInput", {
    description: "Which task to cancel, and why.",
    fields: (t) => ({
      taskId: t.id({ required: true, description: "The task." }),
      reason: t.string({ required: true, description: "Why: it stands in the timeline." }),
    }),
  }),
  success: successOf("cancelTask", TaskType),
  errors: [IllegalTransition, Conflict],
  resolve: async ({ taskId, reason }, { runtime, caller }) => ({
    data: await cancelTask(runtime, caller, { taskId: uuidOf("task", taskId), reason }),
  }),
});

mutation("retryTask", {
  description: "Runs an ended task again, as a new task that is linked to it.",
  input: builder.inputType("RetryTaskInput", {
    description: "Which ended task to run again.",
    fields: (t) => ({
      taskId: t.id({ required: true, description: "The ended task." }),
      input: t.field({ type: "JSON", description: "Another input; left out, the same." }),
    }),
  }),
  success: successOf("retryTask", TaskType),
  errors: [IllegalTransition],
  resolve: async ({ taskId, input }, { runtime, caller }) => ({
    data: await retryTask(runtime, caller, { taskId: uuidOf("task", taskId), ...(input === undefined ? {} : { input }) }),
  }),
});
