import type { Task, TaskError } from "@muster/operations/tasks/task.ts";
import { getTasks } from "@muster/operations/tasks/task-queries.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { loadedById } from "../loading.ts";
import { ProjectType } from "../projects/project.ts";
import { TaskStateEnum } from "./task-enums.ts";

const TaskErrorType = builder.objectRef<TaskError>("TaskError").implement({
  description: "Why an attempt failed.",
  fields: (t) => ({
    kind: t.exposeString("kind", {
      description: "For programs: error, timeout, lease_expired, agent_left, cancelled, or one of the agent's own.",
    }),
    message: t.exposeString("message", { description: "For people." }),
    retryable: t.exposeBoolean("retryable", { description: "Whether another attempt might go better." }),
  }),
});

export const TaskType = builder.loadableNodeRef<Task>("Task", {
  id: { resolve: (task) => task.id, description: "Its id, task_…" },
  load: (ids, { runtime, caller }) => getTasks(runtime, caller, ids),
  ...loadedById,
});

TaskType.implement({
  description: "A piece of work for an agent.",
  fields: (t) => ({
    project: t.field({
      type: ProjectType,
      description: "The project it belongs to.",
      resolve: (task) => task.projectId,
    }),
    kind: t.exposeString("kind", { description: "What is to be done, as agents name it." }),
    queue: t.exposeString("queue", { description: "A name to group tasks by." }),
    capability: t.exposeString("capability", {
      nullable: true,
      description: "What an agent must be capable of; null when the task is for one named agent.",
    }),
    priority: t.exposeInt("priority", { description: "From -1000 to 1000; higher runs first." }),
    state: t.field({ type: TaskStateEnum, description: "Its present state.", resolve: (task) => task.state }),
    stateSince: t.field({
      type: "DateTime",
      description: "Since when it is in this state.",
      resolve: (task) => task.stateSince,
    }),
    version: t.exposeInt("version", { description: "Rises by one with each transition." }),
    agent: t.field({
      type: AgentType,
      nullable: true,
      description: "The agent that holds it, or held it last.",
      resolve: (task) => task.agentId,
    }),
    targetAgent: t.field({
      type: AgentType,
      nullable: true,
      description: "The one agent that may run it, when it was named at creation.",
      resolve: (task) => task.targetAgentId,
    }),
    attempt: t.exposeInt("attempt", { description: "The fence: rises with each assignment; 0 before the first." }),
    failures: t.exposeInt("failures", { description: "How many attempts have failed." }),
    maxFailures: t.exposeInt("maxFailures", { description: "After so many failures it is FAILED." }),
    runAt: t.field({ type: "DateTime", description: "Not before this time.", resolve: (task) => task.runAt }),
    deadline: t.field({
      type: "DateTime",
      nullable: true,
      description: "It expires when it has not been started by then.",
      resolve: (task) => task.deadline,
    }),
    timeoutMs: t.exposeInt("timeoutMs", {
      nullable: true,
      description: "How long one attempt may run, in milliseconds.",
    }),
    leaseUntil: t.field({
      type: "DateTime",
      nullable: true,
      description: "How long its agent holds it without another sign of life.",
      resolve: (task) => task.leaseUntil,
    }),
    input: t.field({ type: "JSON", description: "What the agent gets.", resolve: (task) => task.input }),
    output: t.field({ type: "JSON", nullable: true, description: "The result.", resolve: (task) => task.output }),
    error: t.field({
      type: TaskErrorType,
      nullable: true,
      description: "Why the last attempt failed; null once it has succeeded.",
      resolve: (task) => task.error as TaskError | null,
    }),
    progress: t.exposeFloat("progress", {
      nullable: true,
      description: "How much of the present attempt is done, from 0 to 1.",
    }),
    progressMessage: t.exposeString("progressMessage", {
      nullable: true,
      description: "What the present attempt is doing.",
    }),
    cancelReason: t.exposeString("cancelReason", { nullable: true, description: "Why it was cancelled." }),
    idempotencyKey: t.exposeString("idempotencyKey", {
      nullable: true,
      description: "Unique in the project: creating with it again gives this task.",
    }),
    concurrencyKey: t.exposeString("concurrencyKey", {
      nullable: true,
      description: "Of the project's tasks with the same key one runs at a time.",
    }),
    replayOf: t.field({
      type: TaskType,
      nullable: true,
      description: "The ended task that this one runs again.",
      resolve: (task) => task.replayOf,
    }),
    createdAt: t.field({ type: "DateTime", description: "When it was created.", resolve: (task) => task.createdAt }),
    startedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When its last attempt was started.",
      resolve: (task) => task.startedAt,
    }),
    finishedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it ended.",
      resolve: (task) => task.finishedAt,
    }),
  }),
});
