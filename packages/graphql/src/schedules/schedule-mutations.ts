import { Conflict, IllegalTransition, LimitExceeded } from "@muster/domain/errors.ts";
import { createSchedule } from "@muster/operations/schedules/create-schedule.ts";
import { deleteSchedule } from "@muster/operations/schedules/delete-schedule.ts";
import { pauseSchedule } from "@muster/operations/schedules/pause-schedule.ts";
import { resumeSchedule } from "@muster/operations/schedules/resume-schedule.ts";
import { triggerSchedule } from "@muster/operations/schedules/trigger-schedule.ts";
import { updateSchedule } from "@muster/operations/schedules/update-schedule.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { taskOf } from "../tasks/create-task-input.ts";
import { TaskType } from "../tasks/task.ts";
import { ScheduleTaskInputType } from "./schedule-task-input.ts";
import { CatchUpPolicyEnum, ScheduleType } from "./schedule.ts";

const NAME = "Its name, unique in the project: up to 200 characters.";
const CRON =
  "Five fields: minute, hour, day, month and weekday; six with seconds before them; or @hourly, @daily, @weekly, @monthly, @yearly.";
const TIME_ZONE = "The time zone whose clocks it goes by, as in Europe/Berlin.";
const CATCH_UP = "What becomes of times that passed while no server was there.";

mutation("createSchedule", {
  permission: "schedule.manage",
  description: "Makes a schedule, which creates a task at each of its times from now on.",
  input: builder.inputType("CreateScheduleInput", {
    description: "A new schedule.",
    fields: (t) => ({
      projectId: t.id({ required: true, description: "The project." }),
      name: t.string({ required: true, description: NAME }),
      cron: t.string({ required: true, description: CRON }),
      timeZone: t.string({ description: `${TIME_ZONE} UTC without it.` }),
      catchUp: t.field({ type: CatchUpPolicyEnum, description: `${CATCH_UP} LAST without it.` }),
      task: t.field({ type: ScheduleTaskInputType, required: true, description: "What its tasks are like." }),
    }),
  }),
  success: successOf("createSchedule", ScheduleType),
  errors: [LimitExceeded],
  resolve: async ({ projectId, task, ...input }, { runtime, caller }) => ({
    data: await createSchedule(runtime, caller, {
      ...input,
      projectId: uuidOf("project", projectId),
      task: taskOf(task),
    }),
  }),
});

mutation("updateSchedule", {
  permission: "schedule.manage",
  description:
    "Changes what is given of a schedule and leaves the rest. With another expression or time zone it goes on from now.",
  input: builder.inputType("UpdateScheduleInput", {
    description: "What to change of a schedule.",
    fields: (t) => ({
      scheduleId: t.id({ required: true, description: "The schedule." }),
      name: t.string({ description: NAME }),
      cron: t.string({ description: CRON }),
      timeZone: t.string({ description: TIME_ZONE }),
      catchUp: t.field({ type: CatchUpPolicyEnum, description: CATCH_UP }),
      task: t.field({ type: ScheduleTaskInputType, description: "The whole new template, for the tasks from now on." }),
      expectedVersion: t.int({ description: "Refused unless this is its version." }),
    }),
  }),
  success: successOf("updateSchedule", ScheduleType),
  errors: [Conflict],
  resolve: async ({ scheduleId, task, ...input }, { runtime, caller }) => ({
    data: await updateSchedule(runtime, caller, {
      ...input,
      scheduleId: uuidOf("schedule", scheduleId),
      task: task ? taskOf(task) : null,
    }),
  }),
});

function reasonInput(name: string, description: string, required: boolean) {
  return builder.inputType(name, {
    description,
    fields: (t) => ({
      scheduleId: t.id({ required: true, description: "The schedule." }),
      reason: t.string({ required, description: "Why, for people." }),
    }),
  });
}

mutation("pauseSchedule", {
  permission: "schedule.manage",
  description: "Creates no more tasks until the schedule is resumed. Those that are there are left alone.",
  input: reasonInput("PauseScheduleInput", "A schedule to pause.", true),
  success: successOf("pauseSchedule", ScheduleType),
  errors: [IllegalTransition],
  resolve: async ({ scheduleId, reason }, { runtime, caller }) => ({
    data: await pauseSchedule(runtime, caller, { scheduleId: uuidOf("schedule", scheduleId), reason: reason ?? "" }),
  }),
});

mutation("resumeSchedule", {
  permission: "schedule.manage",
  description: "Goes on from now: times that passed meanwhile get no task, whatever the catch-up policy.",
  input: reasonInput("ResumeScheduleInput", "A schedule to resume.", false),
  success: successOf("resumeSchedule", ScheduleType),
  errors: [IllegalTransition],
  resolve: async ({ scheduleId, reason }, { runtime, caller }) => ({
    data: await resumeSchedule(runtime, caller, { scheduleId: uuidOf("schedule", scheduleId), reason }),
  }),
});

mutation("deleteSchedule", {
  permission: "schedule.manage",
  description: "Ends a schedule for good. Its tasks stay and go on naming it.",
  input: reasonInput("DeleteScheduleInput", "A schedule to delete.", true),
  success: successOf("deleteSchedule", ScheduleType),
  resolve: async ({ scheduleId, reason }, { runtime, caller }) => ({
    data: await deleteSchedule(runtime, caller, { scheduleId: uuidOf("schedule", scheduleId), reason: reason ?? "" }),
  }),
});

mutation("triggerSchedule", {
  permission: "schedule.manage",
  description: "Creates a task of a schedule now, also while it is paused. Its times stay as they are.",
  input: reasonInput("TriggerScheduleInput", "A schedule to trigger.", false),
  success: successOf("triggerSchedule", TaskType),
  errors: [LimitExceeded],
  resolve: async ({ scheduleId, reason }, { runtime, caller }) => ({
    data: await triggerSchedule(runtime, caller, { scheduleId: uuidOf("schedule", scheduleId), reason }),
  }),
});
