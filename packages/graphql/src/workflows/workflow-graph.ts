import { formatId } from "@muster/domain/ids.ts";
import {
  getWorkflowGraphs,
  type GraphEdge,
  type GraphNode,
  type WorkflowGraph,
} from "@muster/operations/workflows/workflow-tasks.ts";
import { MAX_STEPS } from "@muster/operations/workflows/workflow.ts";
import { builder } from "../builder.ts";
import { nestedField } from "../nested-list.ts";
import { DependencyConditionEnum, TaskStateEnum } from "../tasks/task-enums.ts";
import { TaskType } from "../tasks/task.ts";
import { WorkflowType } from "./workflow.ts";

const WorkflowNodeType = builder.objectRef<GraphNode>("WorkflowNode").implement({
  permission: "task.read",
  description: "A step of a workflow.",
  fields: (t) => ({
    step: t.exposeString("step", { description: "Its name in the workflow." }),
    taskId: t.id({ description: "The task's id.", resolve: ({ taskId }) => formatId("task", taskId) }),
    kind: t.exposeString("kind", { description: "What is to be done, as agents name it." }),
    state: t.field({ type: TaskStateEnum, description: "The task's present state.", resolve: ({ state }) => state }),
    stateSince: t.field({
      type: "DateTime",
      description: "Since when it is in this state.",
      resolve: ({ stateSince }) => stateSince,
    }),
    startedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When its last attempt was started.",
      resolve: ({ startedAt }) => startedAt,
    }),
    finishedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it ended.",
      resolve: ({ finishedAt }) => finishedAt,
    }),
    task: t.field({ type: TaskType, description: "The task, with all it holds.", resolve: ({ taskId }) => taskId }),
  }),
});

const WorkflowEdgeType = builder.objectRef<GraphEdge>("WorkflowDependency").implement({
  permission: "task.read",
  description: "One step waits for another.",
  fields: (t) => ({
    from: t.exposeString("from", { description: "The step that is waited for." }),
    to: t.exposeString("to", { description: "The step that waits." }),
    condition: t.field({
      type: DependencyConditionEnum,
      description: "What has to become of all the steps that `to` waits for.",
      resolve: (edge) => edge.condition,
    }),
  }),
});

const WorkflowGraphType = builder.objectRef<WorkflowGraph>("WorkflowGraph").implement({
  permission: "task.read",
  description: "The steps of a workflow, and which of them wait for which.",
  fields: (t) => ({
    nodes: t.field({
      type: [WorkflowNodeType],
      description: "Its steps, at most 1,000.",
      complexity: { field: 1, multiplier: MAX_STEPS },
      resolve: ({ nodes }) => [...nodes],
    }),
    edges: t.field({
      type: [WorkflowEdgeType],
      description: "Its dependencies.",
      complexity: { field: 1, multiplier: MAX_STEPS },
      resolve: ({ edges }) => [...edges],
    }),
  }),
});

const graphOf = nestedField(({ runtime, caller }, workflowIds) => getWorkflowGraphs(runtime, caller, workflowIds));

builder.objectField(WorkflowType, "graph", (t) =>
  t.field({
    type: WorkflowGraphType,
    description: "All of its steps and dependencies.",
    resolve: (workflow, _arguments, context) => graphOf(workflow.id, {}, context),
  }),
);
