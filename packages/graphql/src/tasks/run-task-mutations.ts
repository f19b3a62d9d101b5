import { Conflict, IllegalTransition, LeaseLost, LimitExceeded } from "@muster/domain/errors.ts";
import { cancelTask } from "@muster/operations/tasks/cancel-task.ts";
import { claimTasks } from "@muster/operations/tasks/claim-tasks.ts";
import { completeTask } from "@muster/operations/tasks/complete-task.ts";
import { failTask } from "@muster/operations/tasks/fail-task.ts";
import { reportProgress } from "@muster/operations/tasks/report-progress.ts";
import { startTask } from "@muster/operations/tasks/start-task.ts";
import type { OfferedTask } from "@muster/operations/tasks/task.ts";
import { referenceOf, TaskRefInput } from "../agents/task-reference.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation } from "../mutation.ts";
import { movedTaskOf, offeredTask } from "./moved-task.ts";
import { TaskType } from "./task.ts";

mutation("cancelTask", {
  permission: "task.cancel",
  description: "Cancels a task: at once, or, when it runs, by asking its agent to stop.",
  input: builder.inputType("CancelTaskInput", {
    description: "Which task to cancel, and why.",
    fields: (t) => ({
      taskId: t.id({ required: true, description: "The task." }),
      reason: t.string({ required: true, description: "Why, for its agent and its timeline." }),
    }),
  }),
  success: movedTaskOf("cancelTask"),
  errors: [IllegalTransition, Conflict],
  resolve: async ({ taskId, reason }, { runtime, caller }) => ({
    data: await cancelTask(runtime, caller, { taskId: uuidOf("task", taskId), reason }),
  }),
});

mutation("claimTasks", {
  permission: "agent.act",
  description: "Gives an agent tasks that are ready, the highest priority first. They have to be started in time.",
  input: builder.inputType("ClaimTasksInput", {
    description: "Who wants work, and how much.",
    fields: (t) => ({
      agentId: t.id({ required: true, description: "The agent." }),
      incarnation: t.int({ required: true, description: "Its process, as connectAgent numbered it." }),
      max: t.int({
        required: true,
        description: "At most so many, 1 to 1000; never more than the agent has room for.",
      }),
      waitMs: t.int({ description: "Wait so long for the first one, up to 60,000; without it, not at all." }),
    }),
  }),
  success: builder.objectRef<{ data: OfferedTask[] }>("ClaimTasksSuccess").implement({
    description: "What there is to do; nothing perhaps.",
    fields: (t) => ({
      data: t.field({
        type: [TaskType],
        description: "The tasks, in the order to run them.",
        resolve: ({ data }, _arguments, _context, info) => data.map((task) => offeredTask(task, info)),
      }),
    }),
  }),
  errors: [Conflict],
  resolve: async ({ agentId, ...input }, { runtime, caller, assignments, gone }) => ({
    data: await claimTasks(runtime, assignments, caller, { ...input, agentId: uuidOf("agent", agentId) }, gone),
  }),
});

export const StartTaskSuccess = movedTaskOf("startTask");

mutation("startTask", {
  permission: "agent.act",
  description: "The agent has the task and begins.",
  input: TaskRefInput,
  success: StartTaskSuccess,
  errors: [LeaseLost],
  resolve: async (input, { runtime, caller }) => ({ data: await startTask(runtime, caller, referenceOf(input)) }),
});

mutation("reportProgress", {
  permission: "agent.act",
  description: "The run goes on: keeps its lease, and says how far it is.",
  input: builder.inputType("ReportProgressInput", {
    description: "How far a run is; all but the run is optional.",
    fields: (t) => ({
      taskId: t.id({ required: true, description: "The task." }),
      attempt: t.int({ required: true, description: "The attempt." }),
      progress: t.float({ description: "How much is done, from 0 to 1." }),
      message: t.string({ description: "What it is doing." }),
      chunk: t.field({
        type: "JSON",
        description: "A piece of partial output, kept in order: at most 64 KiB of JSON each, and 10,000 a task.",
      }),
      chunkSequence: t.int({
        description:
          "Rises with each chunk of the attempt, from 1, each sent once the one before is answered: a report that is sent again is not kept twice. Without it each chunk is kept.",
      }),
    }),
  }),
  success: movedTaskOf("reportProgress"),
  errors: [LeaseLost, LimitExceeded],
  resolve: async (input, { runtime, caller }) => ({
    data: await reportProgress(runtime, caller, { ...input, ...referenceOf(input) }),
  }),
});

mutation("completeTask", {
  permission: "agent.act",
  description: "The run went well.",
  input: builder.inputType("CompleteTaskInput", {
    description: "The result of a run.",
    fields: (t) => ({
      taskId: t.id({ required: true, description: "The task." }),
      attempt: t.int({ required: true, description: "The attempt." }),
      output: t.field({ type: "JSON", description: "The result; at most 1 MiB of JSON." }),
    }),
  }),
  success: movedTaskOf("completeTask"),
  errors: [LeaseLost],
  resolve: async (input, { runtime, caller }) => ({
    data: await completeTask(runtime, caller, { ...input, ...referenceOf(input) }),
  }),
});

mutation("failTask", {
  permission: "agent.act",
  description: "The run failed, or stopped because it was cancelled. It is tried again while it has failures left.",
  input: builder.inputType("FailTaskInput", {
    description: "Why a run failed.",
    fields: (t) => ({
      taskId: t.id({ required: true, description: "The task." }),
      attempt: t.int({ required: true, description: "The attempt." }),
      kind: t.string({ description: "For programs; error without it." }),
      message: t.string({ required: true, description: "For people." }),
      retryable: t.boolean({ description: "Whether another attempt might go better; true without it." }),
    }),
  }),
  success: movedTaskOf("failTask"),
  errors: [LeaseLost],
  resolve: async (input, { runtime, caller }) => ({
    data: await failTask(runtime, caller, { ...input, ...referenceOf(input) }),
  }),
});
