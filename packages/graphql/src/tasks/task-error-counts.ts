import { countTaskErrors, type TaskErrorCounts } from "@muster/operations/tasks/task-error-counts.ts";
import { builder } from "../builder.ts";
import { nestedField } from "../nested-list.ts";
import { ProjectType } from "../projects/project.ts";
import { taskFilterOf, TaskFilterType } from "./task-lists.ts";

const TaskErrorCountType = builder.objectRef<TaskErrorCounts["kinds"][number]>("TaskErrorCount").implement({
  permission: "task.read",
  description: "How many tasks failed of a kind of error.",
  fields: (t) => ({
    kind: t.exposeString("kind", { description: "The kind, as the agent named it." }),
    count: t.exposeInt("count", { description: "How many." }),
  }),
});

const TaskErrorCountsType = builder.objectRef<TaskErrorCounts>("TaskErrorCounts").implement({
  permission: "task.read",
  description: "What the last failed attempts of tasks failed of.",
  fields: (t) => ({
    kinds: t.field({
      type: [TaskErrorCountType],
      description: "The 50 kinds with the most tasks, the most frequent first.",
      resolve: ({ kinds }) => [...kinds],
    }),
    isCapped: t.exposeBoolean("capped", {
      description:
        "True when more than 10,000 tasks match: then that many of them were counted, of each state the newest.",
    }),
  }),
});

interface Filtered {
  readonly filter?: typeof TaskFilterType.$inferInput | null | undefined;
}

const errorCountsOf = nestedField(({ runtime, caller }, projectIds, { filter }: Filtered) =>
  countTaskErrors(runtime, caller, projectIds, taskFilterOf(filter)),
);

builder.objectField(ProjectType, "taskErrorCounts", (t) =>
  t.field({
    type: TaskErrorCountsType,
    description: "What its tasks have failed of: for the dead letters with the state FAILED.",
    args: { filter: t.arg({ type: TaskFilterType, description: "Of which tasks." }) },
    resolve: ({ id }, filtered, context) => errorCountsOf(id, filtered, context),
  }),
);
