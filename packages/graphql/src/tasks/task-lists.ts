import type { TaskState } from "@muster/domain/task-lifecycle.ts";
import type { TaskFilter } from "@muster/operations/tasks/task-filter.ts";
import { countTasksByState, listTasks, type TASK_ORDER_FIELDS } from "@muster/operations/tasks/task-queries.ts";
import { AgentType } from "../agents/agent.ts";
import { builder } from "../builder.ts";
import { connectionOf } from "../connection.ts";
import { knownUuidsOf, optionalUuidOf } from "../ids.ts";
import { OrderDirectionEnum } from "../order-direction.ts";
import { ProjectType } from "../projects/project.ts";
import { TaskStateEnum } from "./task-enums.ts";
import { TaskType } from "./task.ts";

const TaskFilterType = builder.inputType("TaskFilter", {
  description: "Which tasks: all that is given has to hold.",
  fields: (t) => ({
    ids: t.idList({ description: "One of these." }),
    states: t.field({ type: [TaskStateEnum], description: "In one of these states." }),
    agent: t.id({ description: "Held by this agent now or last, or meant for it." }),
    kinds: t.stringList({ description: "Of one of these kinds." }),
    queue: t.string({ description: "Of this queue." }),
    search: t.string({ description: "With this id, or a kind that begins like this." }),
    createdAfter: t.field({ type: "DateTime", description: "Created later than this." }),
    createdBefore: t.field({ type: "DateTime", description: "Created earlier than this." }),
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
          RUN_AT: { description: "When they may run." },
          PRIORITY: { description: "Their priority." },
          FINISHED_AT: { description: "When they ended; those that have not count as last." },
        } satisfies Record<(typeof TASK_ORDER_FIELDS)[number], { description: string }>,
      }),
      required: true,
      description: "By what.",
    }),
    direction: t.field({ type: OrderDirectionEnum, required: true, description: "Which end first." }),
  }),
});

const TaskStateCount = builder.objectRef<{ state: TaskState; count: number }>("TaskStateCount").implement({
  description: "How many tasks are in a state.",
  fields: (t) => ({
    state: t.field({ type: TaskStateEnum, description: "The state.", resolve: (row) => row.state }),
    count: t.exposeInt("count", { description: "How many." }),
  }),
});

const TaskConnection = builder.connectionObject(
  { type: TaskType, name: "TaskConnection", description: "A page of tasks." },
  { name: "TaskEdge", description: "A task in a page." },
);

/** Ids that cannot be are like ids of nothing: they match no task. */
function filterOf(filter: typeof TaskFilterType.$inferInput | null | undefined): TaskFilter {
  if (!filter) return {};
  const { ids, agent, ...rest } = filter;
  return { ...rest, ids: ids && knownUuidsOf("task", ids), agent: optionalUuidOf("agent", agent) };
}

builder.objectField(ProjectType, "tasks", (t) =>
  t.connection(
    {
      type: TaskType,
      description: "Its tasks, the newest first unless another order is asked for.",
      args: {
        filter: t.arg({ type: TaskFilterType, description: "Which tasks." }),
        orderBy: t.arg({ type: TaskOrderType, description: "In which order." }),
      },
      resolve: async (project, { filter, orderBy, ...page }, { runtime, caller }) =>
        connectionOf(
          await listTasks(runtime, caller, project.id, { filter: filterOf(filter), order: orderBy ?? null, page }),
        ),
    },
    TaskConnection,
  ),
);

builder.objectField(ProjectType, "taskCounts", (t) =>
  t.field({
    type: [TaskStateCount],
    description: "How many of its tasks are in each state; every state is listed.",
    args: { filter: t.arg({ type: TaskFilterType, description: "Which tasks." }) },
    resolve: (project, { filter }, { runtime, caller }) =>
      countTasksByState(runtime, caller, project.id, filterOf(filter)),
  }),
);

builder.objectField(AgentType, "tasks", (t) =>
  t.connection(
    {
      type: TaskType,
      description: "The tasks that it holds or held last, and those meant for it, the newest first.",
      args: { filter: t.arg({ type: TaskFilterType, description: "Which of them." }) },
      resolve: async (agent, { filter, ...page }, { runtime, caller }) =>
        connectionOf(
          await listTasks(runtime, caller, agent.projectId, { filter: { ...filterOf(filter), agent: agent.id }, page }),
        ),
    },
    TaskConnection,
  ),
);
