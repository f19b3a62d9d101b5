import type { PageArguments } from "@muster/domain/page.ts";
import type { TaskState } from "@muster/domain/task-lifecycle.ts";
import type { TaskFilter } from "@muster/operations/tasks/task-filter.ts";
import type { TASK_ORDER_FIELDS, TaskOrder } from "@muster/operations/tasks/task-order.ts";
import { countTasksByState, listTasks } from "@muster/operations/tasks/task-queries.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { knownUuidsOf, optionalUuidOf } from "../ids.ts";
import { nestedField, nestedList } from "../nested-list.ts";
import { OrderDirectionEnum } from "../order-direction.ts";
import { ProjectType } from "../projects/project.ts";
import { TaskStateEnum } from "./task-enums.ts";
import { TaskType } from "./task.ts";

export const TaskFilterType = builder.inputType("TaskFilter", {
  description: "Which tasks: all that is given has to hold.",
  fields: (t) => ({
    ids: t.idList({ description: "One of these." }),
    states: t.field({ type: [TaskStateEnum], description: "In one of these states." }),
    agent: t.id({ description: "Held by this agent now or last, or meant for it." }),
    kinds: t.stringList({ description: "Of one of these kinds." }),
    queue: t.string({ description: "Of this queue." }),
    workflow: t.id({ description: "Of this workflow." }),
    schedule: t.id({ description: "Created by this schedule." }),
    concurrencyKey: t.string({ description: "With this concurrency key." }),
    rateLimitKey: t.string({ description: "That take tokens of the rate limit with this key." }),
    errorKinds: t.stringList({ description: "Whose last attempt failed with one of these kinds of error." }),
    search: t.string({ description: "With this id, or a kind that begins like this." }),
    createdAfter: t.field({ type: "DateTime", description: "Created later than this." }),
    createdBefore: t.field({ type: "DateTime", description: "Created earlier than this." }),
    finishedAfter: t.field({ type: "DateTime", description: "That ended later than this." }),
    finishedBefore: t.field({ type: "DateTime", description: "That ended earlier than this." }),
    runBefore: t.field({
      type: "DateTime",
      description: "That may run, or might have, from before this on. With the state QUEUED: those that are late.",
    }),
    replayed: t.boolean({ description: "Whether another task runs it again." }),
  }),
});

const TaskOrderType = builder.inputType("TaskOrder", {
  description: "In which order.",
  fields: (t) => ({
    field: t.field({
      type: builder.enumType("TaskOrderField", {
        description: "What tasks can be ordered by.",
        values: {
          CREATED_AT: { description: "When they were created." },
          RUN_AT: { description: "When they may run. For tasks that have not been handed out: ask for these states." },
          PRIORITY: { description: "Their priority. For tasks that have not been handed out: ask for these states." },
          FINISHED_AT: { description: "When they ended; those that have not count as last." },
        } satisfies Record<(typeof TASK_ORDER_FIELDS)[number], { description: string }>,
      }),
      required: true,
      description: "By what.",
    }),
    direction: t.field({ type: OrderDirectionEnum, required: true, description: "Which end first." }),
  }),
});

export const TaskStateCountType = builder.objectRef<{ state: TaskState; count: number }>("TaskStateCount").implement({
  permission: "task.read",
  description: "How many tasks are in a state.",
  fields: (t) => ({
    state: t.field({ type: TaskStateEnum, description: "The state.", resolve: (row) => row.state }),
    count: t.exposeInt("count", { description: "How many." }),
  }),
});

export const TaskConnection = builder.connectionObject(
  { type: TaskType, name: "TaskConnection", description: "A page of tasks." },
  { name: "TaskEdge", description: "A task in a page." },
);

/** Ids that cannot be are like ids of nothing: they match no task. */
export function taskFilterOf(filter: typeof TaskFilterType.$inferInput | null | undefined): TaskFilter {
  if (!filter) return {};
  const { ids, agent, workflow, schedule, ...rest } = filter;
  return {
    ...rest,
    ids: ids && knownUuidsOf("task", ids),
    agent: optionalUuidOf("agent", agent),
    workflow: optionalUuidOf("workflow", workflow),
    schedule: optionalUuidOf("schedule", schedule),
  };
}

interface Filtered {
  readonly filter?: typeof TaskFilterType.$inferInput | null | undefined;
}

interface Listing extends Filtered, PageArguments {
  readonly orderBy?: TaskOrder | null | undefined;
}

const tasksOfProject = nestedList(({ runtime, caller }, projectIds, { filter, orderBy, ...page }: Listing) =>
  listTasks(runtime, caller, { projectIds }, { filter: taskFilterOf(filter), order: orderBy ?? null, page }),
);

builder.objectField(ProjectType, "tasks", (t) =>
  t.connection(
    {
      type: TaskType,
      description: "Its tasks, the newest first unless another order is asked for.",
      args: {
        filter: t.arg({ type: TaskFilterType, description: "Which tasks." }),
        orderBy: t.arg({ type: TaskOrderType, description: "In which order." }),
      },
      resolve: (project, listing, context) => tasksOfProject(project.id, listing, context),
    },
    TaskConnection,
  ),
);

const taskCountsOf = nestedField(({ runtime, caller }, projectIds, { filter }: Filtered) =>
  countTasksByState(runtime, caller, projectIds, taskFilterOf(filter)),
);

builder.objectField(ProjectType, "taskCounts", (t) =>
  t.field({
    type: [TaskStateCountType],
    description: "How many of its tasks are in each state; every state is listed.",
    args: { filter: t.arg({ type: TaskFilterType, description: "Which tasks." }) },
    resolve: (project, filtered, context) => taskCountsOf(project.id, filtered, context),
  }),
);

const tasksOfAgent = nestedList(({ runtime, caller }, agentIds, { filter, ...page }: Filtered & PageArguments) =>
  listTasks(runtime, caller, { agentIds }, { filter: taskFilterOf(filter), page }),
);

builder.objectField(AgentType, "tasks", (t) =>
  t.connection(
    {
      type: TaskType,
      description: "The tasks that it holds or held last, and those meant for it, the newest first.",
      args: { filter: t.arg({ type: TaskFilterType, description: "Which of them." }) },
      resolve: (agent, listing, context) => tasksOfAgent(agent.id, listing, context),
    },
    TaskConnection,
  ),
);

const replaysOfTask = nestedList(({ runtime, caller }, replayedIds, page: PageArguments) =>
  listTasks(runtime, caller, { replayedIds }, { page }),
);

builder.objectField(TaskType, "replays", (t) =>
  t.connection(
    {
      type: TaskType,
      description: "The tasks that run it again, the newest first.",
      resolve: (task, page, context) => replaysOfTask(task.id, page, context),
    },
    TaskConnection,
  ),
);
