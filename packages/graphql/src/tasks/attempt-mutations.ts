import { Conflict, LeaseLost } from "@muster/domain/errors.ts";
import { claimTasks } from "@muster/operations/tasks/claim-tasks.ts";
import { completeTask } from "@muster/operations/tasks/complete-task.ts";
import { failTask } from "@muster/operations/tasks/fail-task.ts";
import { reportProgress } from "@muster/operations/tasks/report-progress.ts";
import { startTask } from "@muster/operations/tasks/start-task.ts";
import type { Task } from "@muster/operations/tasks/task.ts";
import { referenceOf, TaskRefInput } from "../agents/task-reference.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { TaskType } from "./task.ts";

mutation("claimTasks", {
  description:
    "Gives an agent tasks that are ready, as many as it has room for, the highest priority first. Without any, waits up to waitMs. They are ASSIGNED: start each within seconds.",
  input: builder.inputType("ClaimTasksInput", {
    description: "Who claims, how many, and how long to wait.",
    fields: (t) => ({
      agentId: t.id({ required: true, description: "The agent." }),
      incarnation: t.int({ required: true, description: "The process, as connectAgent numbered it." }),
      max: t.int({ required: true, description: "At most so many, 1 to 1000." }),
      waitMs: t.int({ description: "How long to wait for the first one, up to 60,000 milliseconds; 0 when left out." }),
    }),
  }),
  success: builder.objectRef<{ data: Task[] }>("ClaimTasksSuccess").implement({
    description: "What the agent was given.",
    fields: (t) => ({ data: t.field({ type: [TaskType], description: "The tasks; none when there is no work.", resolve: (success) => success.data }) }),
  }),
  errors: [Conflict],
  resolve: async ({ agentId, ...input }, { runtime, assignments, caller }) => ({
    data: await claimTasks(
      { ...runtime, waitForWork: (projectId, ms, signal) => assignments.waitForWork(projectId, ms, signal) },
      caller,
      { ...input, agentId: uuidOf("agent", agentId) },
    ),
  }),
});

mutation("startTask", {
  description: "The agent has the task and begins. Its lease and its time limit run from here.",
  input: TaskRefInput,
  success: successOf("startTask", TaskType),
  errors: [LeaseLost],
  resolve: async (input, { runtime, caller }) => ({ data: await startTask(runtime, caller, referenceOf(input)) }),
});

mutation("reportProgress", {
  description: "Says how far an attempt is, or streams a piece of its output. Extends its lease.",
  input: builder.inputType("ReportProgressInput", {
    description: "How far an attempt is.",
    fields: (t) => ({
      taskId: t.id({ required: true, description: "The task." }),
      attempt: t.int({ required: true, description: "The attempt." }),
      progress: t.float({ description: "How much is done, from 0 to 1." }),
      message: t.string({ description: "What it is doing, for people." }),
      chunk: t.field({ type: "JSON", description: "A piece of partial output: kept in order, readable at once." }),
    }),
  }),
  success: successOf("reportProgress", TaskType),
  errors: [LeaseLost],
  resolve: async (input, { runtime, caller }) => ({
    data: await reportProgress(runtime, caller, { ...input, ...referenceOf(input) }),
  }),
});

mutation("completeTask", {
  description: "The attempt went well. Repeating it answers the same.",
  input: builder.inputType("CompleteTaskInput", {
    description: "An attempt that went well.",
    fields: (t) => ({
      taskId: t.id({ required: true, description: "The task." }),
      attempt: t.int({ required: true, description: "The attempt." }),
      output: t.field({ type: "JSON", description: "What came out: any JSON up to 1 MB." }),
    }),
  }),
  success: successOf("completeTask", TaskType),
  errors: [LeaseLost],
  resolve: async (input, { runtime, caller }) => ({
    data: await completeTask(runtime, caller, { ...input, ...referenceOf(input) }),
  }),
});

mutation("failTask", {
  description: "The attempt failed. It is tried again while it is retryable and has failures left. Repeating it answers the same.",
  input: builder.inputType("FailTaskInput", {
    description: "An attempt that failed.",
    fields: (t) => ({
      taskId: t.id({ required: true, description: "The task." }),
      attempt: t.int({ required: true, description: "The attempt." }),
      kind: t.string({ description: "For programs; error when left out." }),
      message: t.string({ required: true, description: "What went wrong, for people." }),
      retryable: t.boolean({ description: "Whether another attempt might go better; true when left out." }),
    }),
  }),
  success: successOf("failTask", TaskType),
  errors: [LeaseLost],
  resolve: async (input, { runtime, caller }) => ({
    data: await failTask(runtime, caller, { ...input, ...referenceOf(input) }),
  }),
});
