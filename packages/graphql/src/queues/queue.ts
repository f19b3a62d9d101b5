import { PARKING_REASONS, type ParkingReason } from "@muster/domain/parking-reason.ts";
import { type CappedCount, type QueueDepth, readQueueDepths } from "@muster/operations/queues/queue-depth.ts";
import { getQueues } from "@muster/operations/queues/queue-queries.ts";
import type { Queue } from "@muster/operations/queues/queue.ts";
import { ActorType } from "../actors.ts";
import { builder } from "../builder.ts";
import { loadedById } from "../loading.ts";
import { nestedField } from "../nested-list.ts";
import { ProjectType } from "../projects/project.ts";

export const QueueType = builder.loadableNodeRef<Queue>("Queue", {
  id: { resolve: (queue) => queue.id, description: "Its id, que_…" },
  load: (ids, { runtime, caller }) => getQueues(runtime, caller, ids),
  ...loadedById,
});

const ParkingReasonEnum = builder.enumType("ParkingReason", {
  description: "Why a task that is QUEUED stands out of line for now.",
  values: {
    TIME: { description: "Its time has not come, or it is to be tried again later." },
    CONCURRENCY_KEY: { description: "Its concurrency key has no free place." },
    RATE_LIMIT: { description: "Its rate limit has no token." },
  } satisfies Record<ParkingReason, { description: string }>,
});

export const TaskCount = builder.objectRef<CappedCount>("TaskCount").implement({
  permission: "task.read",
  description: "How many tasks.",
  fields: (t) => ({
    count: t.exposeInt("count", { description: "How many. Counts to 10,000 and then says so in isCapped." }),
    isCapped: t.exposeBoolean("isCapped", { description: "True when there are more than count says." }),
  }),
});

const ParkedTaskCount = builder.objectRef<CappedCount & { reason: ParkingReason }>("ParkedTaskCount").implement({
  permission: "task.read",
  description: "How many tasks stand out of line for a reason.",
  fields: (t) => ({
    reason: t.field({ type: ParkingReasonEnum, description: "Why.", resolve: (row) => row.reason }),
    count: t.exposeInt("count", { description: "How many. Counts to 10,000 and then says so in isCapped." }),
    isCapped: t.exposeBoolean("isCapped", { description: "True when there are more than count says." }),
  }),
});

const QueueDepthType = builder.objectRef<QueueDepth>("QueueDepth").implement({
  permission: "task.read",
  description: "What a queue holds now.",
  fields: (t) => ({
    ready: t.field({
      type: TaskCount,
      description: "QUEUED and in line: they wait for an agent, or for a limit of the queue or the workspace.",
      resolve: (depth) => depth.ready,
    }),
    parked: t.field({
      type: [ParkedTaskCount],
      description: "QUEUED and out of line for now; every reason is listed.",
      resolve: (depth) => PARKING_REASONS.map((reason) => ({ reason, ...depth.parked[reason] })),
    }),
    running: t.field({
      type: TaskCount,
      description: "Held by agents: ASSIGNED, RUNNING or CANCELLING. These count towards maxRunning.",
      resolve: (depth) => depth.running,
    }),
    oldestReadyAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "Since when the oldest of those in line could have run; null when none is.",
      resolve: (depth) => depth.oldestReadyAt,
    }),
  }),
});

const depthOf = nestedField(({ runtime, caller }, queueIds) => readQueueDepths(runtime, caller, queueIds));

QueueType.implement({
  permission: "task.read",
  description: "The tasks of a project that name it. There from the first of them on, or from the first setting.",
  fields: (t) => ({
    project: t.field({ type: ProjectType, description: "Its project.", resolve: (queue) => queue.projectId }),
    name: t.exposeString("name", { description: "Its name, unique in the project." }),
    paused: t.boolean({
      description: "Whether none of its tasks is handed out.",
      resolve: (queue) => queue.pausedAt !== null,
    }),
    pausedAt: t.field({
      type: "DateTime",
      nullable: true,
      description: "Since when it is paused.",
      resolve: (queue) => queue.pausedAt,
    }),
    pauseReason: t.exposeString("pauseReason", { nullable: true, description: "Why it is paused." }),
    pausedBy: t.field({
      type: ActorType,
      nullable: true,
      description: "Who paused it.",
      resolve: (queue) => queue.pausedBy,
    }),
    maxRunning: t.exposeInt("maxRunning", {
      nullable: true,
      description: "How many of its tasks agents may hold at once; null: any number.",
    }),
    version: t.exposeInt("version", { description: "Rises by one with each change." }),
    depth: t.field({
      type: QueueDepthType,
      description: "What it holds now.",
      resolve: (queue, _arguments, context) => depthOf(queue.id, {}, context),
    }),
    createdAt: t.field({
      type: "DateTime",
      description: "Since when it is there.",
      resolve: (queue) => queue.createdAt,
    }),
  }),
});
