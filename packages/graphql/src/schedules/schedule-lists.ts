import type { PageArguments } from "@muster/domain/page.ts";
import { listSchedules, listScheduleTasks } from "@muster/operations/schedules/schedule-queries.ts";
import { builder } from "../builder.ts";
import { nestedList } from "../nested-list.ts";
import { ProjectType } from "../projects/project.ts";
import { TaskConnection } from "../tasks/task-lists.ts";
import { TaskType } from "../tasks/task.ts";
import { ScheduleType } from "./schedule.ts";

const ScheduleFilterType = builder.inputType("ScheduleFilter", {
  description: "Which schedules: all that is given has to hold.",
  fields: (t) => ({
    search: t.string({ description: "With this in the name, in any case." }),
    paused: t.boolean({ description: "Paused ones, or those that are not." }),
  }),
});

const ScheduleConnection = builder.connectionObject(
  { type: ScheduleType, name: "ScheduleConnection", description: "A page of schedules." },
  { name: "ScheduleEdge", description: "A schedule in a page." },
);

interface Listing extends PageArguments {
  readonly filter?: typeof ScheduleFilterType.$inferInput | null | undefined;
}

const schedulesOf = nestedList(({ runtime, caller }, projectIds, { filter, ...page }: Listing) =>
  listSchedules(runtime, caller, projectIds, { filter: filter ?? null, page }),
);

builder.objectField(ProjectType, "schedules", (t) =>
  t.connection(
    {
      type: ScheduleType,
      description: "Its schedules, by name.",
      args: { filter: t.arg({ type: ScheduleFilterType, description: "Which schedules." }) },
      resolve: (project, listing, context) => schedulesOf(project.id, listing, context),
    },
    ScheduleConnection,
  ),
);

const tasksOf = nestedList(({ runtime, caller }, scheduleIds, page: PageArguments) =>
  listScheduleTasks(runtime, caller, scheduleIds, page),
);

builder.objectField(ScheduleType, "tasks", (t) =>
  t.connection(
    {
      type: TaskType,
      description: "The tasks that it has created, the newest first. The runAt of each is the time that it is for.",
      resolve: (schedule, page, context) => tasksOf(schedule.id, page, context),
    },
    TaskConnection,
  ),
);

builder.objectField(TaskType, "schedule", (t) =>
  t.field({
    type: ScheduleType,
    nullable: true,
    description: "The schedule that created it; its runAt is the time that it is for.",
    resolve: (task) => task.scheduleId,
  }),
);
