import type { Database } from "@muster/database/database.ts";
import { type Statement, statement } from "@muster/database/statement.ts";
import type { TaskState } from "@muster/domain/task-lifecycle.ts";
import { sql } from "drizzle-orm";
import { binOf, type Histogram, together } from "./histogram.ts";

/** What ended in a slice of time: how many as each state, how long their last attempts ran, and how long they had waited. */
export interface EndedBucket {
  readonly ended: Readonly<Partial<Record<TaskState, number>>>;
  readonly runs: Histogram;
  readonly waits: Histogram;
}

export interface Slices {
  /** The beginning of the first, in ms since 1970. */
  readonly from: number;
  readonly bucketMs: number;
  readonly count: number;
}

/** A group for each bin is more than the planner dares to keep in the usual memory, and to sort a million tasks takes three times as long. */
const MEMORY = sql`set local work_mem = '64MB'`;

/** The bin of those that have no such duration. */
const NONE = "-1";

const BUCKET = "floor((date_part('epoch', t.finished_at) - $2::float8) / $3::float8)::int";
const WAIT = binOf("date_part('epoch', t.started_at - t.created_at) * 1000");
/** How long the last attempt ran, of those that ended by themselves. */
const RUN = `case when t.state in ('SUCCEEDED', 'FAILED') then ${binOf("date_part('epoch', t.finished_at - t.started_at) * 1000")} end`;

/** $1 the project, $2 the beginning and $3 the length of a slice, in seconds, $4 the beginning and $5 the end of all. */
const slicesBy = (key: string, bin: string) => `
  select g.bucket, g.key, jsonb_object_agg(g.bin, g.count) as bins from (
    select ${BUCKET} as bucket, ${key} as key, coalesce(${bin}, ${NONE}) as bin, count(*)::int as count from tasks t
    where t.project_id = $1 and t.finished_at is not null and t.finished_at >= $4::timestamptz and t.finished_at < $5::timestamptz
    group by 1, 2, 3) g
  group by 1, 2`;

interface Slice<Key> {
  readonly bucket: number;
  readonly key: Key;
  readonly bins: Histogram;
}

const runsStatement = statement<Slice<TaskState>>(slicesBy("t.state", RUN));
const waitsStatement = statement<Slice<null>>(slicesBy("null::text", WAIT));

/**
 * What ended in each of these slices of a project, by their numbers from 0; those in which nothing did are missing. An index by
 * the time of the end has all that it takes. Two statements side by side: one that groups by both would sort all tasks.
 */
export async function readEndedBuckets(
  database: Database,
  projectId: string,
  { from, bucketMs, count }: Slices,
): Promise<ReadonlyMap<number, EndedBucket>> {
  const times = [from, from + count * bucketMs].map((at) => new Date(at).toISOString());
  const values = [projectId, from / 1_000, bucketMs / 1_000, ...times];
  const read = <Row>(slices: Statement<Row>) =>
    database.transaction(async (transaction) => {
      await transaction.query(MEMORY);
      return transaction.run(slices, values);
    });
  const [runs, waits] = await Promise.all([read(runsStatement), read(waitsStatement)]);
  const found = new Map<number, EndedBucket>();
  for (const { bucket, key, bins } of runs) {
    const { [NONE]: _, ...measured } = bins;
    const before = found.get(bucket);
    found.set(bucket, {
      ended: { ...before?.ended, [key]: Object.values(bins).reduce((sum, some) => sum + some, 0) },
      runs: together([before?.runs ?? {}, measured]),
      waits: {},
    });
  }
  for (const { bucket, bins } of waits) {
    const { [NONE]: _, ...measured } = bins;
    const present = found.get(bucket);
    if (present) found.set(bucket, { ...present, waits: measured });
  }
  return found;
}
