import { Conflict } from "@muster/domain/errors.ts";
import { pauseQueue } from "@muster/operations/queues/pause-queue.ts";
import { resumeQueue } from "@muster/operations/queues/resume-queue.ts";
import { updateQueue } from "@muster/operations/queues/update-queue.ts";
import { builder } from "../builder.ts";
import { uuidOf } from "../ids.ts";
import { mutation, successOf } from "../mutation.ts";
import { QueueType } from "./queue.ts";

const PROJECT = "The project.";
const QUEUE = "The queue's name. It is made when no task has named it yet.";
const VERSION = "Refused unless this is its version.";

mutation("pauseQueue", {
  permission: "queue.manage",
  description:
    "Hands out none of a queue's tasks until it is resumed. What agents hold goes on, and tasks can still be added. One that is paused stays so.",
  input: builder.inputType("PauseQueueInput", {
    description: "A queue to pause.",
    fields: (t) => ({
      projectId: t.id({ required: true, description: PROJECT }),
      queue: t.string({ required: true, description: QUEUE }),
      reason: t.string({ required: true, description: "Why, for people." }),
      expectedVersion: t.int({ description: VERSION }),
    }),
  }),
  success: successOf("pauseQueue", QueueType),
  errors: [Conflict],
  resolve: async ({ projectId, ...input }, { runtime, caller }) => ({
    data: await pauseQueue(runtime, caller, { ...input, projectId: uuidOf("project", projectId) }),
  }),
});

mutation("resumeQueue", {
  permission: "queue.manage",
  description: "Hands out a queue's tasks again, at once. One that is not paused stays so.",
  input: builder.inputType("ResumeQueueInput", {
    description: "A queue to resume.",
    fields: (t) => ({
      projectId: t.id({ required: true, description: PROJECT }),
      queue: t.string({ required: true, description: QUEUE }),
      reason: t.string({ description: "Why, for people." }),
      expectedVersion: t.int({ description: VERSION }),
    }),
  }),
  success: successOf("resumeQueue", QueueType),
  errors: [Conflict],
  resolve: async ({ projectId, ...input }, { runtime, caller }) => ({
    data: await resumeQueue(runtime, caller, { ...input, projectId: uuidOf("project", projectId) }),
  }),
});

mutation("updateQueue", {
  permission: "queue.manage",
  description: "Changes what is given of a queue and leaves the rest.",
  input: builder.inputType("UpdateQueueInput", {
    description: "What to change of a queue.",
    fields: (t) => ({
      projectId: t.id({ required: true, description: PROJECT }),
      queue: t.string({ required: true, description: QUEUE }),
      maxRunning: t.int({
        description:
          "How many of its tasks agents may hold at once: 1 to 1,000,000; null for any number. What they hold already is left to them.",
      }),
      expectedVersion: t.int({ description: VERSION }),
    }),
  }),
  success: successOf("updateQueue", QueueType),
  errors: [Conflict],
  resolve: async ({ projectId, ...input }, { runtime, caller }) => ({
    data: await updateQueue(runtime, caller, { ...input, projectId: uuidOf("project", projectId) }),
  }),
});
