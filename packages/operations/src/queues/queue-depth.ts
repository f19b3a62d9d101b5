import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { COUNT_CAP } from "@muster/domain/page.ts";
import type { ParkingReason } from "@muster/domain/parking-reason.ts";
import { authorize, reachOf } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";
import { HELD } from "../tasks/task.ts";

/** How many tasks: counts to 10,000 and then says so. */
export interface CappedCount {
  readonly count: number;
  readonly isCapped: boolean;
}

/** What a queue holds now. */
export interface QueueDepth {
  /** Ready to be handed out. */
  readonly ready: CappedCount;
  /** Out of line for now, by the reason. */
  readonly parked: Readonly<Record<ParkingReason, CappedCount>>;
  /** Held by agents. */
  readonly running: CappedCount;
  /** Since when the oldest of those that are ready could have been handed out. */
  readonly oldestReadyAt: Date | null;
}

type Row = {
  readonly queueId: string;
  readonly ready: number;
  readonly running: number;
  readonly oldestReadyAt: Date | null;
} & {
  readonly parked: Readonly<Record<ParkingReason, number>>;
};

const READY = "t.state = 'QUEUED' and t.parked_for is null";
const MOST = COUNT_CAP + 1;

function parkedFor(reason: ParkingReason): string {
  return `(select count(*)::int from (select from lanes l cross join lateral (
    select from tasks t where t.lane_id = l.id and t.state = 'QUEUED' and t.parked_for = '${reason}' order by t.id limit ${MOST}) t
    where l.project_id = q.project_id and l.queue = q.name limit ${MOST}) counted)`;
}

// Ordered also where it is only counted, or the planner reads the whole table. The lane's index has the oldest of each priority first: it is asked for one priority after the other.
const depthStatement = statement<Row>(`
  with recursive asked as materialized (
    select q.id, q.workspace_id, q.project_id, q.name from queues q
    where q.id = any($1::uuid[]) and ($2::uuid[] is null or q.workspace_id = any($2)) and ($3::uuid[] is null or q.project_id = any($3))
  ),
  places as materialized (select distinct workspace_id, project_id from asked),
  held as materialized (
    select t.project_id, t.queue, count(*)::int as running
    from places p join tasks t on t.workspace_id = p.workspace_id and t.project_id = p.project_id and t.state = any(${HELD})
    group by 1, 2
  ),
  fronts as (
    select q.id as queue_id, l.id as lane_id, f.priority, f.run_at from asked q
    join lanes l on l.project_id = q.project_id and l.queue = q.name
    cross join lateral (select t.priority, t.run_at from tasks t where t.lane_id = l.id and ${READY}
      order by t.priority desc nulls last, t.run_at, t.id limit 1) f
    union all
    select b.queue_id, b.lane_id, f.priority, f.run_at from fronts b
    cross join lateral (select t.priority, t.run_at from tasks t where t.lane_id = b.lane_id and t.priority < b.priority and ${READY}
      order by t.priority desc nulls last, t.run_at, t.id limit 1) f
  ),
  oldest as (select queue_id, min(run_at) as run_at from fronts group by queue_id)
  select q.id as "queueId", coalesce(h.running, 0) as running, o.run_at as "oldestReadyAt",
    (select count(*)::int from (select from lanes l cross join lateral (
       select from tasks t where t.lane_id = l.id and ${READY} order by t.priority desc nulls last, t.run_at, t.id limit ${MOST}) t
     where l.project_id = q.project_id and l.queue = q.name limit ${MOST}) counted) as ready,
    jsonb_build_object('TIME', ${parkedFor("TIME")}, 'CONCURRENCY_KEY', ${parkedFor("CONCURRENCY_KEY")},
      'RATE_LIMIT', ${parkedFor("RATE_LIMIT")}) as parked
  from asked q left join oldest o on o.queue_id = q.id left join held h on h.project_id = q.project_id and h.queue = q.name`);

/** What each of these queues holds, for those that the caller may see. Costs no more for a queue of millions. */
export async function readQueueDepths(
  runtime: Runtime,
  caller: Caller,
  queueIds: readonly string[],
): Promise<ReadonlyMap<string, QueueDepth>> {
  caller = authorize(caller, "task.read");
  const rows = await runtime.database.run(depthStatement, [queueIds, ...reachOf(caller)]);
  return new Map(
    rows.map(({ queueId, ready, running, parked, oldestReadyAt }) => [
      queueId,
      {
        ready: capped(ready),
        running: capped(running),
        oldestReadyAt,
        parked: {
          TIME: capped(parked.TIME),
          CONCURRENCY_KEY: capped(parked.CONCURRENCY_KEY),
          RATE_LIMIT: capped(parked.RATE_LIMIT),
        },
      },
    ]),
  );
}

function capped(count: number): CappedCount {
  return { count: Math.min(count, COUNT_CAP), isCapped: count > COUNT_CAP };
}
