import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { parseInput } from "../input.ts";
import { oncePerProcess } from "../once-per.ts";
import { RecentlyUsed } from "../recently-used.ts";
import type { Runtime } from "../runtime.ts";
import type { EndedBucket } from "./ended-buckets.ts";
import { type Histogram, quantile, together } from "./histogram.ts";
import { SettledBuckets } from "./settled-buckets.ts";

const MOST_DAYS = 31;
const MOST_BUCKETS = 500;
/** All who ask for the same within this time share an answer. */
const SHARED_FOR_MS = 2_000;
/** Who asks for the last hour reaches us a little later. */
const ON_THE_WAY_MS = 5_000;

const TaskStatisticsRange = z.object({
  since: z.date(),
  until: z.date().nullish(),
  buckets: z
    .int()
    .min(1)
    .max(MOST_BUCKETS, `must be at most ${MOST_BUCKETS}.`)
    .nullish()
    .transform((buckets) => buckets ?? 60),
});
/** From when to when (now, unless given), in how many slices (60). */
export type TaskStatisticsRange = z.input<typeof TaskStatisticsRange>;

/** Durations in ms that so many of a hundred are not longer than; null without any. At most 5 % off. */
export interface Quantiles {
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

/** What ended in a slice of time. */
export interface TaskStatisticsBucket {
  readonly at: Date;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly expired: number;
  readonly run: Quantiles;
  readonly wait: Quantiles;
}

/** What ended in a project, and how long it took. */
export interface TaskStatistics {
  readonly from: Date;
  readonly to: Date;
  readonly bucketMs: number;
  readonly buckets: readonly TaskStatisticsBucket[];
  /** How long last attempts ran, of tasks that succeeded or failed. */
  readonly run: Quantiles;
  /** How long it took from the creation to the start of the last attempt. */
  readonly wait: Quantiles;
}

const visible = statement<object>(`
  select from projects p where p.id = $1 and ($2::uuid[] is null or p.workspace_id = any($2)) and ($3::uuid[] is null or p.id = any($3))`);

const settledIn = oncePerProcess((_runtime: Runtime) => new RecentlyUsed<SettledBuckets>(100));
const answersOf = oncePerProcess((_runtime: Runtime) => new RecentlyUsed<Promise<TaskStatistics>>(200));

/**
 * How many tasks of a project ended in each slice of a range, as what, and how long they waited and ran. The range begins and ends
 * with whole slices, so that those who ask at about the same time ask for the same. Null for a project that the caller does not
 * see. Throws `InvalidInput` for more than 31 days or 500 slices.
 */
export async function readTaskStatistics(
  runtime: Runtime,
  caller: Caller,
  projectId: string,
  input: TaskStatisticsRange,
): Promise<TaskStatistics | null> {
  caller = authorize(caller, "task.read");
  const now = Date.now();
  const { since, until, buckets } = parseInput(TaskStatisticsRange, input);
  const end = until?.getTime() ?? now;
  const rangeMs = end - since.getTime();
  if (rangeMs <= 0) throw new InvalidInput([{ path: ["until"], message: "must be later than since." }]);
  if (rangeMs > MOST_DAYS * 86_400_000) {
    throw new InvalidInput([{ path: ["since"], message: `must be at most ${MOST_DAYS} days before until.` }]);
  }
  const [project] = await runtime.database.run(visible, [projectId, ...reachOf(caller)]);
  if (!project) return null;
  // Whole seconds, whatever time the question took: a length that is none would be another one a moment later.
  const bucketMs = Math.max(1, Math.ceil((rangeMs - ON_THE_WAY_MS) / buckets / 1_000)) * 1_000;
  const from = Math.floor(since.getTime() / bucketMs) * bucketMs;
  const count = Math.ceil((end - from) / bucketMs);
  const key = `${projectId} ${bucketMs}`;
  const answers = answersOf(runtime);
  const moment = Math.floor(now / SHARED_FOR_MS);
  return answers.get(`${key} ${from} ${count} ${moment}`, async () => {
    const settled = settledIn(runtime).get(key, () => new SettledBuckets(projectId, bucketMs));
    return statisticsOf(await settled.read(runtime.database, from, count, now), from, bucketMs);
  });
}

function statisticsOf(slices: readonly (EndedBucket | null)[], from: number, bucketMs: number): TaskStatistics {
  return {
    from: new Date(from),
    to: new Date(from + slices.length * bucketMs),
    bucketMs,
    buckets: slices.map((slice, number) => ({
      at: new Date(from + number * bucketMs),
      succeeded: slice?.ended.SUCCEEDED ?? 0,
      failed: slice?.ended.FAILED ?? 0,
      cancelled: slice?.ended.CANCELLED ?? 0,
      expired: slice?.ended.EXPIRED ?? 0,
      run: quantiles(slice?.runs ?? {}),
      wait: quantiles(slice?.waits ?? {}),
    })),
    run: quantiles(together(slices.map((slice) => slice?.runs ?? {}))),
    wait: quantiles(together(slices.map((slice) => slice?.waits ?? {}))),
  };
}

function quantiles(histogram: Histogram): Quantiles {
  return {
    p50Ms: quantile(histogram, 0.5),
    p95Ms: quantile(histogram, 0.95),
    p99Ms: quantile(histogram, 0.99),
  };
}
