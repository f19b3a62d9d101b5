import type { CatchUpPolicy } from "@muster/domain/catch-up-policy.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import { formatId } from "@muster/domain/ids.ts";
import { getSchedules, nextTimes } from "@muster/operations/schedules/schedule-queries.ts";
import type { Schedule } from "@muster/operations/schedules/schedule.ts";
import { builder } from "../builder.ts";
import { loadedById } from "../loading.ts";
import { ProjectType } from "../projects/project.ts";

const MOST_TIMES = 100;

export const CatchUpPolicyEnum = builder.enumType("CatchUpPolicy", {
  description: "What a schedule does about times that passed while no server was there to come to them.",
  values: {
    NONE: { description: "Times that are at most a minute late get their task; older ones are skipped." },
    LAST: { description: "The latest of them gets a task." },
    ALL: { description: "Each of them gets a task, the oldest first; of more than 10,000 the latest 10,000." },
  } satisfies Record<CatchUpPolicy, { description: string }>,
});

export const ScheduleType = builder.loadableNodeRef<Schedule>("Schedule", {
  id: { resolve: (schedule) => schedule.id, description: "Its id, sch_…" },
  load: (ids, { runtime, caller }) => getSchedules(runtime, caller, ids),
  ...loadedById,
});

ScheduleType.implement({
  permission: "task.read",
  description: "Creates a task at each time of a cron expression.",
  fields: (t) => ({
    project: t.field({
      type: ProjectType,
      description: "The project whose tasks it creates.",
      resolve: (schedule) => schedule.projectId,
    }),
    name: t.exposeString("name", { description: "Its name, unique in the project." }),
    cron: t.exposeString("cron", {
      description:
        "When: minute, hour, day, month and weekday, seconds before them where there are six, or a name such as @daily.",
    }),
    timeZone: t.exposeString("timeZone", {
      description: "The time zone whose clocks it goes by, as in Europe/Berlin.",
    }),
    catchUp: t.field({
      type: CatchUpPolicyEnum,
      description: "What becomes of times that passed while no server was there.",
      resolve: (schedule) => schedule.catchUp,
    }),
    task: t.field({
      type: "JSON",
      description: "What its tasks are like, as in ScheduleTaskInput.",
      resolve: ({ task }) => (task.agentId ? { ...task, agentId: formatId("agent", task.agentId) } : task),
    }),
    paused: t.boolean({
      description: "Whether it creates no tasks until it is resumed.",
      resolve: (schedule) => schedule.pausedAt !== null,
    }),
    pausedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "Since when it is paused.",
      resolve: (schedule) => schedule.pausedAt,
    }),
    pauseReason: t.exposeString("pauseReason", { nullable: true, description: "Why it is paused." }),
    nextRunAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it creates a task next; null while it is paused, and once it is deleted.",
      resolve: (schedule) => schedule.nextRunAt,
    }),
    nextRuns: t.field({
      type: ["DateTime"],
      description: "The next times of its expression, also while it is paused; none once it is deleted.",
      args: { count: t.arg.int({ defaultValue: 5, description: `How many, 1 to ${MOST_TIMES}.` }) },
      complexity: ({ count }) => ({ field: 1 + Math.max(0, Math.min(count ?? 0, MOST_TIMES)), multiplier: 1 }),
      resolve: (schedule, { count }) => {
        const wanted = count ?? 5;
        if (wanted >= 1 && wanted <= MOST_TIMES) return nextTimes(schedule, wanted);
        throw new InvalidInput([{ path: ["count"], message: `must be from 1 to ${MOST_TIMES}.` }]);
      },
    }),
    lastRunAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it last came to one of its times, whether that gave a task or not.",
      resolve: (schedule) => schedule.lastRunAt,
    }),
    lastError: t.exposeString("lastError", {
      nullable: true,
      description: "Why it created no task then; null when it did.",
    }),
    version: t.exposeInt("version", { description: "Rises by one with each event about it." }),
    createdAt: t.field({
      type: "DateTime",
      description: "When it was created.",
      resolve: (schedule) => schedule.createdAt,
    }),
    updatedAt: t.field({
      type: "DateTime",
      description: "When something last happened that is an event about it.",
      resolve: (schedule) => schedule.updatedAt,
    }),
    deletedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "When it was deleted: it is shown because its tasks name it.",
      resolve: (schedule) => schedule.deletedAt,
    }),
  }),
});
