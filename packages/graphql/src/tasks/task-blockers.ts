import type { TaskBlocker, TaskBlockReason } from "@muster/operations/tasks/task-blocker.ts";
import { readTaskBlockers } from "@muster/operations/tasks/task-blockers.ts";
import { readTaskPositions } from "@muster/operations/tasks/task-position.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { nestedField } from "../nested-list.ts";
import { QueueType } from "../queues/queue.ts";
import { TaskType } from "./task.ts";

const TaskBlockReasonEnum = builder.enumType("TaskBlockReason", {
  description: "Why a task is not started, the most decisive first.",
  values: {
    DEADLINE_PASSED: { description: "It is too late: it expires within moments." },
    WAITING_FOR_TASK: { description: "It waits for another task; one blocker for each that has not ended." },
    START_PENDING: { description: "It has been given to an agent, which has not started it yet." },
    DELAYED_UNTIL: { description: "Its time has not come." },
    RETRY_BACKOFF: { description: "An attempt failed, and it is tried again later." },
    QUEUE_PAUSED: { description: "Its queue is paused." },
    AGENT_DECOMMISSIONED: { description: "The one agent that may run it never will." },
    NO_AGENT_WITH_CAPABILITY: { description: "No agent of the project can do it." },
    NO_AGENT_WITH_LABELS: { description: "No agent that can do it has the labels that it needs." },
    AGENT_IN_MAINTENANCE: { description: "Agents that could take it are in maintenance, and none is at work." },
    AGENT_SUSPENDED: { description: "Agents that could take it are suspended, and none is at work." },
    AGENTS_NOT_CONNECTED: {
      description: "Agents that could take it are not running or not answering, and none is at work.",
    },
    AGENT_DRAINING: { description: "Agents that could take it take nothing new before a pending action has fired." },
    WORKSPACE_LIMIT: { description: "Agents hold as many tasks as the workspace allows." },
    QUEUE_LIMIT: { description: "Agents hold as many tasks of its queue as are allowed." },
    CONCURRENCY_KEY: { description: "Agents hold as many tasks with its concurrency key as it allows." },
    RATE_LIMIT: { description: "Its rate limit has no token." },
    AGENTS_BUSY: { description: "All agents at work that could take it are full." },
  } satisfies Record<TaskBlockReason, { description: string }>,
});

const TaskBlockerType = builder.objectRef<TaskBlocker>("TaskBlocker").implement({
  permission: "task.read",
  description: "One of the reasons why a task is not started. What does not belong to the reason is null.",
  fields: (t) => ({
    reason: t.field({ type: TaskBlockReasonEnum, description: "Which.", resolve: (blocker) => blocker.reason }),
    message: t.exposeString("message", { description: "For people: what is so, and what to do." }),
    until: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it passes by itself.",
      resolve: ({ until }) => until ?? null,
    }),
    task: t.field({
      type: TaskType,
      nullable: true,
      description: "The task that it waits for, or one that holds its concurrency key.",
      resolve: ({ taskId }) => taskId ?? null,
    }),
    agent: t.field({
      type: AgentType,
      nullable: true,
      description: "The agent, where it is one.",
      resolve: ({ agentId }) => agentId ?? null,
    }),
    queue: t.field({
      type: QueueType,
      nullable: true,
      description: "Its queue, where that is why.",
      resolve: ({ queueId }) => queueId ?? null,
    }),
    limit: t.int({
      nullable: true,
      description: "How many may be held at once, or how many tokens the rate limit has at most.",
      resolve: ({ limit }) => limit ?? null,
    }),
    running: t.int({
      nullable: true,
      description: "How many are held of what the limit counts.",
      resolve: ({ running }) => running ?? null,
    }),
    key: t.string({
      nullable: true,
      description: "The concurrency key or rate limit key.",
      resolve: ({ key }) => key ?? null,
    }),
    capability: t.string({
      nullable: true,
      description: "The capability that it needs.",
      resolve: ({ capability }) => capability ?? null,
    }),
    labels: t.field({
      type: "JSON",
      nullable: true,
      description: "The labels that it needs, an object of texts.",
      resolve: ({ labels }) => labels ?? null,
    }),
  }),
});

/** A task can wait for many others, but few do. */
const BLOCKERS = 20;

const blockersOf = nestedField(({ runtime, caller }, taskIds) => readTaskBlockers(runtime, caller, taskIds));
const positionOf = nestedField(({ runtime, caller }, taskIds) => readTaskPositions(runtime, caller, taskIds));

builder.objectFields(TaskType, (t) => ({
  blockedBy: t.field({
    type: [TaskBlockerType],
    description:
      "Why it has not been started: all that holds now, the most decisive first. Empty when nothing is in its way (then position says how many go first), and once it has started or ended.",
    complexity: { field: 1, multiplier: BLOCKERS },
    resolve: (task, _arguments, context) => blockersOf(task.id, {}, context),
  }),
  position: t.int({
    nullable: true,
    description:
      "Its place, from 1, among the tasks of its queue that the same agents can take, in the order in which they are handed out; null when it is not in line. Counts to 10,000 and then says so in positionIsCapped.",
    resolve: async (task, _arguments, context) => (await positionOf(task.id, {}, context))?.position ?? null,
  }),
  positionIsCapped: t.boolean({
    description: "True when it stands further back than position says.",
    resolve: async (task, _arguments, context) => (await positionOf(task.id, {}, context))?.isCapped ?? false,
  }),
}));
