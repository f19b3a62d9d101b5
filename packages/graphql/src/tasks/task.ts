import type { StoredRetryRule, Task, TaskError } from "@muster/operations/tasks/task.ts";
import { getTasks } from "@muster/operations/tasks/task-queries.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { loadedById } from "../loading.ts";
import { ProjectType } from "../projects/project.ts";
import { TaskStateEnum } from "./task-enums.ts";
import { taskTitle } from "./task-title.ts";

const TaskErrorType = builder.objectRef<TaskError>("TaskError").implement({
  permission: "task.read",
  description: "Why an attempt failed.",
  fields: (t) => ({
    kind: t.exposeString("kind", {
      description: "For programs: error, timeout, lease_expired, agent_left, cancelled, or one of the agent's own.",
    }),
    message: t.exposeString("message", { description: "For people." }),
    retryable: t.exposeBoolean("retryable", { description: "Whether another attempt might go better." }),
  }),
});

const BackoffType = builder.objectRef<Task>("Backoff").implement({
  permission: "task.read",
  description: "How long a failed task waits: initialMs, then factor times as long each time, up to maxMs.",
  fields: (t) => ({
    initialMs: t.exposeInt("backoffInitialMs", { description: "Before the second attempt, in milliseconds." }),
    factor: t.exposeFloat("backoffFactor", { description: "How much longer each time." }),
    maxMs: t.exposeInt("backoffMaxMs", { description: "Never longer than this." }),
    jitter: t.exposeBoolean("backoffJitter", { description: "Whether it waits a random part of that." }),
  }),
});

const RetryRuleType = builder.objectRef<StoredRetryRule & { readonly errorKind: string }>("RetryRule").implement({
  permission: "task.read",
  description: "What differs for errors of one kind; null: as for all errors of the task.",
  fields: (t) => ({
    errorKind: t.exposeString("errorKind", { description: "The kind of error." }),
    retryable: t.exposeBoolean("retryable", { nullable: true, description: "Whether it is tried again." }),
    maxFailures: t.exposeInt("maxFailures", {
      nullable: true,
      description: "After so many failures of the task this kind is not tried again.",
    }),
    initialMs: t.exposeInt("initialMs", { nullable: true, description: "The first wait, in milliseconds." }),
    factor: t.exposeFloat("factor", { nullable: true, description: "How much longer each next one." }),
    maxMs: t.exposeInt("maxMs", { nullable: true, description: "Never longer than this." }),
    jitter: t.exposeBoolean("jitter", { nullable: true, description: "Whether it waits a random part of that." }),
  }),
});

export const TaskType = builder.loadableNodeRef<Task>("Task", {
  id: { resolve: (task) => task.id, description: "Its id, task_…" },
  load: (ids, { runtime, caller }) => getTasks(runtime, caller, ids),
  ...loadedById,
});

TaskType.implement({
  permission: "task.read",
  description: "A piece of work for an agent.",
  fields: (t) => ({
    project: t.field({
      type: ProjectType,
      description: "The project it belongs to.",
      resolve: (task) => task.projectId,
    }),
    kind: t.exposeString("kind", { description: "What is to be done, as agents name it." }),
    title: t.string({
      description:
        "What it is about in a few words, for people: its kind, and the first of title, subject, name, commit, ref, branch, path, file, url, query and prompt that its input has as a text.",
      resolve: taskTitle,
    }),
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
    backoff: t.field({
      type: BackoffType,
      description: "How long it waits after a failure.",
      resolve: (task) => task,
    }),
    retryRules: t.field({
      type: [RetryRuleType],
      description: "What differs by the kind of error.",
      resolve: (task) =>
        Object.entries(task.retryRules as Record<string, StoredRetryRule>).map(([errorKind, rule]) => ({
          errorKind,
          ...rule,
        })),
    }),
    requiredLabels: t.field({
      type: "JSON",
      description: "Labels that its agent must have.",
      resolve: (task) => task.requiredLabels,
    }),
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
    output: t.field({
      type: "JSON",
      nullable: true,
      description: "The result; null also once it has been removed.",
      resolve: (task) => task.output,
    }),
    resultTtlMs: t.float({
      nullable: true,
      description: "For so many milliseconds after its end its output and chunks are kept; null: for ever.",
      // Postgres gives 64-bit numbers as text.
      resolve: (task) => (task.resultTtlMs === null ? null : Number(task.resultTtlMs)),
    }),
    resultExpiresAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When its output and chunks will be removed; null before its end, and when that will not happen.",
      resolve: (task) => task.resultExpiresAt,
    }),
    resultExpiredAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When they were removed.",
      resolve: (task) => task.resultExpiredAt,
    }),
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
    cancelUntil: t.field({
      type: "DateTime",
      nullable: true,
      description: "While it is CANCELLING: when its run is ended by force.",
      resolve: (task) => (task.state === "CANCELLING" ? task.cancelUntil : null),
    }),
    timeoutAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "While it is RUNNING with a timeoutMs: when this attempt is given up.",
      resolve: (task) => (task.state === "RUNNING" ? task.timeoutAt : null),
    }),
    chunkCount: t.exposeInt("chunkCount", {
      description: "How many chunks its attempts have streamed; also the number of the newest one.",
    }),
    cancelReason: t.exposeString("cancelReason", { nullable: true, description: "Why it was cancelled." }),
    idempotencyKey: t.exposeString("idempotencyKey", {
      nullable: true,
      description: "Creating with it again in the project gives this task, within its window if it had one.",
    }),
    concurrencyKey: t.exposeString("concurrencyKey", {
      nullable: true,
      description: "Of the project's tasks with the same key, agents hold concurrencyLimit at a time.",
    }),
    concurrencyLimit: t.exposeInt("concurrencyLimit", { description: "How many of its concurrencyKey." }),
    rateLimitKey: t.exposeString("rateLimitKey", {
      nullable: true,
      description: "The rate limit that it counts towards.",
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
