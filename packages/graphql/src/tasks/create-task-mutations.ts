import { IllegalTransition, LimitExceeded } from "@muster/domain/errors.ts";
import { createTask } from "@muster/operations/tasks/create-task.ts";
import { createTasks } from "@muster/operations/tasks/create-tasks.ts";
import { retryTask } from "@muster/operations/tasks/retry-task.ts";
import { runTask } from "@muster/operations/tasks/run-task.ts";
import type { Task } from "@muster/operations/tasks/task.ts";
import { type AwaitedTask, waitForTask } from "@muster/operations/tasks/wait-for-task.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { CreateTaskInputType, taskInputOf } from "./create-task-input.ts";
import { TaskType } from "./task.ts";

const REPEATED = "Whether its idempotency key had created it before.";
const WAIT_MS = "How long to wait for its end, up to 60,000 milliseconds; 30,000 without it.";

mutation("createTask", {
  permission: "task.create",
  description: "Queues a task.",
  input: CreateTaskInputType,
  success: builder.objectRef<{ data: Task; repeated: boolean }>("CreateTaskSuccess").implement({
    description: "The task is there.",
    fields: (t) => ({
      data: t.field({ type: TaskType, description: "The task.", resolve: (success) => success.data }),
      repeated: t.exposeBoolean("repeated", { description: REPEATED }),
    }),
  }),
  errors: [LimitExceeded],
  resolve: async (input, { runtime, caller }) => {
    const { task, repeated } = await createTask(runtime, caller, taskInputOf(input));
    return { data: task, repeated };
  },
});

mutation("createTasks", {
  permission: "task.create",
  description: "Queues up to 10,000 tasks, all or none.",
  input: builder.inputType("CreateTasksInput", {
    description: "New tasks.",
    fields: (t) => ({
      tasks: t.field({
        type: [CreateTaskInputType],
        required: true,
        description: "1 to 10,000 tasks, as many as fit into a request of 16 MiB.",
      }),
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
  errors: [LimitExceeded],
  resolve: async ({ tasks }, { runtime, caller }) => {
    const created = await createTasks(runtime, caller, { tasks: tasks.map(taskInputOf) });
    return { data: created.map(({ task }) => task), repeated: created.map(({ repeated }) => repeated) };
  },
});

mutation("runTask", {
  permission: "task.create",
  description:
    "Queues a task and waits for its end. The task goes on when the time is up: waitForTask goes on waiting.",
  input: builder.inputType("RunTaskInput", {
    description: "A new task, and how long to wait for it.",
    fields: (t) => ({
      task: t.field({ type: CreateTaskInputType, required: true, description: "The task." }),
      waitMs: t.int({ description: WAIT_MS }),
      cancelOnTimeout: t.boolean({ description: "Whether it is cancelled when it has not ended by then." }),
    }),
  }),
  success: builder.objectRef<AwaitedTask & { repeated: boolean }>("RunTaskSuccess").implement({
    description: "The task is there, and may have ended.",
    fields: (t) => ({
      data: t.field({ type: TaskType, description: "The task as it is now.", resolve: ({ task }) => task }),
      ended: t.exposeBoolean("ended", { description: "Whether it has ended, however it did: its state says that." }),
      repeated: t.exposeBoolean("repeated", { description: REPEATED }),
    }),
  }),
  errors: [LimitExceeded],
  resolve: async ({ task, ...options }, { runtime, caller, taskWatch, gone }) =>
    runTask(runtime, taskWatch, caller, { ...options, task: taskInputOf(task) }, gone),
});

const AwaitedTaskType = builder.objectRef<AwaitedTask>("AwaitedTask").implement({
  permission: "task.read",
  description: "A task that was waited for.",
  fields: (t) => ({
    data: t.field({ type: TaskType, description: "The task as it is now.", resolve: ({ task }) => task }),
    ended: t.exposeBoolean("ended", { description: "Whether it has ended; if not, the time was up: ask again." }),
  }),
});

builder.queryField("waitForTask", (t) =>
  t.field({
    type: AwaitedTaskType,
    permission: "task.read",
    description: "Waits for the end of a task.",
    args: {
      id: t.arg.id({ required: true, description: "The task." }),
      waitMs: t.arg.int({ description: WAIT_MS }),
    },
    resolve: (_root, { id, waitMs }, { runtime, caller, taskWatch, gone }) =>
      waitForTask(runtime, taskWatch, caller, { taskId: uuidOf("task", id), waitMs }, gone),
  }),
);

mutation("retryTask", {
  permission: "task.retry",
  description: "Runs an ended task again, as a new one that is linked by replayOf.",
  input: builder.inputType("RetryTaskInput", {
    description: "Which task to run again, and what is to be different.",
    fields: (t) => ({
      taskId: t.id({ required: true, description: "The ended task." }),
      input: t.field({ type: "JSON", description: "Another input; without it, the same." }),
      priority: t.int({ description: "Another priority; without it, the same." }),
      runAt: t.field({ type: "DateTime", description: "Not before this time; at once without it." }),
    }),
  }),
  success: successOf("retryTask", TaskType),
  errors: [IllegalTransition, LimitExceeded],
  resolve: async ({ taskId, input, ...changes }, { runtime, caller }) => ({
    data: await retryTask(runtime, caller, {
      ...changes,
      taskId: uuidOf("task", taskId),
      input: input ?? undefined,
    }),
  }),
});
