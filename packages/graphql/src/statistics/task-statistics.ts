import {
  type Quantiles,
  readTaskStatistics,
  type TaskStatistics,
  type TaskStatisticsBucket,
} from "@muster/operations/statistics/task-statistics.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { builder } from "../builder.ts";
import { ProjectType } from "../projects/project.ts";

const QuantilesType = builder.objectRef<Quantiles>("DurationQuantiles").implement({
  permission: "task.read",
  description: "How long something took: milliseconds, at most 5 % off; null when there was none.",
  fields: (t) => ({
    p50Ms: t.exposeFloat("p50Ms", { nullable: true, description: "Half of them took no longer." }),
    p95Ms: t.exposeFloat("p95Ms", { nullable: true, description: "95 of 100 took no longer." }),
    p99Ms: t.exposeFloat("p99Ms", { nullable: true, description: "99 of 100 took no longer." }),
  }),
});

const BucketType = builder.objectRef<TaskStatisticsBucket>("TaskStatisticsBucket").implement({
  permission: "task.read",
  description: "What ended in a slice of time.",
  fields: (t) => ({
    at: t.field({ type: "DateTime", description: "When it begins.", resolve: ({ at }) => at }),
    succeeded: t.exposeInt("succeeded", { description: "How many tasks SUCCEEDED." }),
    failed: t.exposeInt("failed", { description: "How many FAILED." }),
    cancelled: t.exposeInt("cancelled", { description: "How many were CANCELLED." }),
    expired: t.exposeInt("expired", { description: "How many EXPIRED." }),
    run: t.field({
      type: QuantilesType,
      description: "How long the last attempts of those ran that SUCCEEDED or FAILED.",
      resolve: ({ run }) => run,
    }),
    wait: t.field({
      type: QuantilesType,
      description: "How long it took them from the creation to the start of the last attempt.",
      resolve: ({ wait }) => wait,
    }),
  }),
});

const StatisticsType = builder.objectRef<TaskStatistics>("TaskStatistics").implement({
  permission: "task.read",
  description: "How many tasks ended, as what, and how long they took. An answer may be two seconds old.",
  fields: (t) => ({
    from: t.field({ type: "DateTime", description: "When the first slice begins.", resolve: ({ from }) => from }),
    to: t.field({ type: "DateTime", description: "When the last slice ends.", resolve: ({ to }) => to }),
    bucketMs: t.exposeFloat("bucketMs", { description: "How long a slice is, in ms: whole seconds." }),
    buckets: t.field({
      type: [BucketType],
      description: "The slices, the oldest first; also those in which nothing ended.",
      resolve: ({ buckets }) => [...buckets],
    }),
    run: t.field({
      type: QuantilesType,
      description: "Of the whole range: how long the last attempts of those ran that SUCCEEDED or FAILED.",
      resolve: ({ run }) => run,
    }),
    wait: t.field({
      type: QuantilesType,
      description: "Of the whole range: how long it took from the creation to the start of the last attempt.",
      resolve: ({ wait }) => wait,
    }),
  }),
});

builder.objectField(ProjectType, "taskStatistics", (t) =>
  t.field({
    type: StatisticsType,
    description:
      "How many of its tasks ended in each slice of a range, as what, and how long they waited and ran. The range is widened to whole slices.",
    // Each list counts as ten.
    complexity: ({ buckets }) => ({ field: 1, multiplier: Math.ceil(Math.min(buckets ?? 60, 500) / 10) }),
    args: {
      since: t.arg({ type: "DateTime", required: true, description: "From when on: at most 31 days." }),
      until: t.arg({ type: "DateTime", description: "To when; now when left out." }),
      buckets: t.arg.int({ defaultValue: 60, description: "In how many slices: at most 500." }),
    },
    resolve: async (project, range, { runtime, caller }) => {
      const statistics = await readTaskStatistics(runtime, caller, project.id, range);
      if (!statistics) throw new NotFound("project");
      return statistics;
    },
  }),
);
