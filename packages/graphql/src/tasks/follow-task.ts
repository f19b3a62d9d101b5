import { followTask } from "@muster/operations/tasks/follow-task.ts";
import type { Task } from "@muster/operations/tasks/task.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { TaskType } from "./task.ts";

builder.subscriptionField("task", (t) =>
  t.field({
    type: TaskType,
    permission: "task.read",
    description:
      "A task: first as it is, then again whenever it has changed, by a transition or a report of progress, at most five times a second; and every two seconds while it waits to be handed out, because what is in its way changes without it. Ends when the task has ended.",
    args: { id: t.arg.id({ required: true, description: "The task." }) },
    subscribe: (_root, { id }, { runtime, taskWatch, caller }) =>
      followTask(runtime, taskWatch, caller, { taskId: uuidOf("task", id) }) as never,
    resolve: (task: Task) => task,
  }),
);
