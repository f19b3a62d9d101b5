import "./workflow-graph.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { listWorkflows } from "@muster/operations/workflows/workflow-queries.ts";
import { countWorkflowTasks, listWorkflowTasks } from "@muster/operations/workflows/workflow-tasks.ts";
import { builder } from "../builder.ts";
import { nestedField, nestedList } from "../nested-list.ts";
import { ProjectType } from "../projects/project.ts";
import { TaskConnection, TaskStateCountType } from "../tasks/task-lists.ts";
import { TaskType } from "../tasks/task.ts";
import { WorkflowStateEnum, WorkflowType } from "./workflow.ts";

const WorkflowFilterType = builder.inputType("WorkflowFilter", {
  description: "Which workflows: all that is given has to hold.",
  fields: (t) => ({
    states: t.field({ type: [WorkflowStateEnum], description: "In one of these states." }),
    search: t.string({ description: "With this id, or a name that begins like this." }),
  }),
});

const WorkflowConnection = builder.connectionObject(
  { type: WorkflowType, name: "WorkflowConnection", description: "A page of workflows." },
  { name: "WorkflowEdge", description: "A workflow in a page." },
);

interface Listing extends PageArguments {
  readonly filter?: typeof WorkflowFilterType.$inferInput | null | undefined;
}

const workflowsOf = nestedList(({ runtime, caller }, projectIds, { filter, ...page }: Listing) =>
  listWorkflows(runtime, caller, projectIds, { filter: filter ?? {}, page }),
);

builder.objectField(ProjectType, "workflows", (t) =>
  t.connection(
    {
      type: WorkflowType,
      description: "Its workflows, the newest first.",
      args: { filter: t.arg({ type: WorkflowFilterType, description: "Which workflows." }) },
      resolve: (project, listing, context) => workflowsOf(project.id, listing, context),
    },
    WorkflowConnection,
  ),
);

const countsOf = nestedField(({ runtime, caller }, workflowIds) => countWorkflowTasks(runtime, caller, workflowIds));

builder.objectField(WorkflowType, "taskCounts", (t) =>
  t.field({
    type: [TaskStateCountType],
    description: "How many of its tasks are in each state; every state is listed.",
    resolve: (workflow, _arguments, context) => countsOf(workflow.id, {}, context),
  }),
);

const tasksOf = nestedList(({ runtime, caller }, workflowIds, page: PageArguments) =>
  listWorkflowTasks(runtime, caller, workflowIds, page),
);

builder.objectField(WorkflowType, "tasks", (t) =>
  t.connection(
    {
      type: TaskType,
      description: "Its tasks, in the order in which they were given.",
      resolve: (workflow, page, context) => tasksOf(workflow.id, page, context),
    },
    TaskConnection,
  ),
);
