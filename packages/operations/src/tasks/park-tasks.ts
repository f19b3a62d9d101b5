import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { tokensAt } from "../rate-limits/rate-limit.ts";
import { HELD } from "./task.ts";

// Throughout, ids are given to the planner as an array: it has to look each of them up, whatever it thinks of the table's size.

// Whether the key is still busy is asked again: what was let go of meanwhile must find them in their lanes. What is let go of before
// this has been committed cannot see them: the follow-ups look at the key once more afterwards.
const parkForKeys = statement<{ id: string }>(`
  with waiting as materialized (
    select t.id, t.project_id, t.concurrency_key from tasks t
    where t.id = any($1::uuid[]) and t.state = 'QUEUED' and t.parked_for is null and t.concurrency_key is not null
      and (select count(*) from tasks h where h.project_id = t.project_id and h.concurrency_key = t.concurrency_key and h.state = any(${HELD}))
          >= t.concurrency_limit
    for no key update of t skip locked
  ),
  followed as (
    insert into task_follow_ups (task_id) select distinct on (w.project_id, w.concurrency_key) w.id from waiting w
  )
  update tasks t set parked_for = 'CONCURRENCY_KEY', parked_until = null where t.id = any(array(select w.id from waiting w)) returning t.id`);

const PARKED = "t.state = 'QUEUED' and t.parked_for = 'CONCURRENCY_KEY'";
const PARKED_FOR = `t.project_id = k.project_id and t.concurrency_key = k.concurrency_key and ${PARKED}`;

// From each lane: the first in line may be one that no agent takes for now, and must not hold up the others. Lane by lane by the index,
// however many wait in each.
const returnForKeys = statement<{ projectId: string }>(`
  with recursive key as materialized (
    select k.project_id, k.concurrency_key,
           (select count(*) from tasks h where h.project_id = k.project_id and h.concurrency_key = k.concurrency_key and h.state = any(${HELD})) as held
    from (select distinct * from unnest($1::uuid[], $2::text[]) as i(project_id, concurrency_key)) k
  ),
  lane as (
    select k.*, (select min(t.lane_id) from tasks t where ${PARKED_FOR}) as lane_id from key k
    union all
    select k.project_id, k.concurrency_key, k.held, (select min(t.lane_id) from tasks t where ${PARKED_FOR} and t.lane_id > k.lane_id)
    from lane k where k.lane_id is not null
  ),
  next as materialized (
    select t.id from lane k cross join lateral (
      select t.concurrency_limit - k.held as places from tasks t where ${PARKED_FOR} and t.lane_id = k.lane_id
      order by t.priority desc nulls last, t.run_at, t.id limit 1
    ) free cross join lateral (
      select t.id from tasks t where ${PARKED_FOR} and t.lane_id = k.lane_id
      order by t.priority desc nulls last, t.run_at, t.id limit greatest(0, free.places)
    ) t
  ),
  returned as materialized (
    select t.id from tasks t where t.id in (select id from next) and ${PARKED} order by t.id for no key update
  )
  update tasks t set parked_for = null from returned r where t.id = r.id returning t.project_id as "projectId"`);

// The tokens come back evenly: each waits for its own, behind those that wait already; one that has waited before, for the next one.
const parkForRates = statement<{ id: string }>(`
  with waiting as materialized (
    select t.id, t.project_id, t.rate_limit_key, i.place, t.parked_until is not null as waited
    from unnest($1::uuid[]) with ordinality as i(id, place) join tasks t on t.id = i.id
    where t.state = 'QUEUED' and t.parked_for is null and t.rate_limit_key is not null for no key update of t skip locked
  ),
  rate as materialized (
    select r.project_id, r.key, interval '1 millisecond' * (r.period_ms::float8 / r.max) as every,
           clock_timestamp() + interval '1 millisecond' * (greatest(0, 1 - ${tokensAt("r", "clock_timestamp()")}) * r.period_ms / r.max) as next_at,
           (select max(p.parked_until) from tasks p where p.project_id = r.project_id and p.rate_limit_key = r.key and p.state = 'QUEUED'
             and p.parked_for = 'RATE_LIMIT') as last_at
    from rate_limits r where (r.project_id, r.key) in (select w.project_id, w.rate_limit_key from waiting w)
  ),
  placed as (
    select w.id, case when w.waited then r.next_at
                 else greatest(r.next_at, r.last_at + r.every) + (row_number() over (partition by w.project_id, w.rate_limit_key, w.waited order by w.place) - 1) * r.every
                 end as until
    from waiting w join rate r on r.project_id = w.project_id and r.key = w.rate_limit_key
  )
  update tasks t set parked_for = 'RATE_LIMIT', parked_until = p.until from placed p where t.id = p.id returning t.id`);

const returnDue = statement<{ projectId: string }>(`
  with present as materialized (select clock_timestamp() as at),
  due as materialized (
    select t.id from tasks t
    where t.state = 'QUEUED' and t.parked_for in ('TIME', 'RATE_LIMIT') and t.parked_until <= (select at from present)
    order by t.parked_until limit 1000 for no key update skip locked
  )
  update tasks t set parked_for = null where t.id = any(array(select d.id from due d)) returning t.project_id as "projectId"`);

/** A concurrency key of a project. */
export interface ConcurrencyKey {
  readonly projectId: string;
  readonly key: string;
}

/**
 * Takes tasks whose concurrency key has no free slot out of their lanes, so that claims do not come upon them again and again. One
 * that is let go of at the same moment may not have seen them: so the keys are looked at once more. Gives how many it parked.
 */
export async function parkBehindKeys(
  connection: Connection,
  tasks: readonly { readonly id: string; readonly projectId: string; readonly concurrencyKey: string | null }[],
): Promise<number> {
  if (tasks.length === 0) return 0;
  const parked = await connection.run(parkForKeys, [tasks.map(({ id }) => id)]);
  const keys = tasks.map(({ projectId, concurrencyKey }) => ({ projectId, key: concurrencyKey ?? "" }));
  if (parked.length > 0) await returnBehindKeys(connection, keys);
  return parked.length;
}

/**
 * Puts parked tasks back into their lanes: of each lane as many as their keys have free slots, the first in line first. Waits for
 * those that are about to be cancelled. Gives their projects.
 */
export async function returnBehindKeys(connection: Connection, keys: readonly ConcurrencyKey[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const returned = await connection.run(returnForKeys, [
    keys.map(({ projectId }) => projectId),
    keys.map(({ key }) => key),
  ]);
  return returned.map(({ projectId }) => projectId);
}

/** Takes tasks whose rate limit is used up out of their lanes until their tokens come back. Gives how many. */
export async function parkBehindRates(connection: Connection, taskIds: readonly string[]): Promise<number> {
  if (taskIds.length === 0) return 0;
  return (await connection.run(parkForRates, [taskIds])).length;
}

/** Puts tasks whose time has come back into their lanes, at most 1,000. Gives their projects, once for each task. */
export async function returnDueTasks(connection: Connection): Promise<string[]> {
  return (await connection.run(returnDue, [])).map(({ projectId }) => projectId);
}
