import type { PageArguments } from "@muster/domain/page.ts";
import { MAX_DEPENDENCIES } from "@muster/operations/tasks/create-task-input.ts";
import { getDependencies, listDependents } from "@muster/operations/workflows/dependency-queries.ts";
import { builder } from "../builder.ts";
import { nestedField, nestedList } from "../nested-list.ts";
import { DependencyConditionEnum } from "../tasks/task-enums.ts";
import { TaskConnection } from "../tasks/task-lists.ts";
import { TaskType } from "../tasks/task.ts";
import { WorkflowType } from "./workflow.ts";

const dependenciesOf = nestedField(({ runtime, caller }, taskIds) => getDependencies(runtime, caller, taskIds));

const dependentsOf = nestedList(({ runtime, caller }, taskIds, page: PageArguments) =>
  listDependents(runtime, caller, taskIds, page),
);

builder.objectFields(TaskType, (t) => ({
  workflow: t.field({
    type: WorkflowType,
    nullable: true,
    description: "The workflow that it is a step of.",
    resolve: (task) => task.workflowId,
  }),
  workflowStep: t.exposeString("workflowStep", { nullable: true, description: "Its name in its workflow." }),
  dependencyCondition: t.field({
    type: DependencyConditionEnum,
    nullable: true,
    description: "What has to become of the tasks that it waits for, or did; null when it never waited for any.",
    resolve: (task) => task.dependencyCondition,
  }),
  dependencies: t.field({
    type: [TaskType],
    description: "The tasks that it waits for, or did: at most 200.",
    complexity: { field: 1, multiplier: MAX_DEPENDENCIES },
    // Most tasks have none, and say so themselves.
    resolve: (task, _arguments, context) =>
      task.dependencyCondition === null ? [] : dependenciesOf(task.id, {}, context),
  }),
  dependents: t.connection(
    {
      type: TaskType,
      description: "The tasks that wait for it, or did.",
      resolve: (task, page: PageArguments, context) => dependentsOf(task.id, page, context),
    },
    TaskConnection,
  ),
}));
