import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";

/**
 * Ids follow the clock but for the time that a statement may take between reading it and drawing the id, and for
 * corrections of the clock. No event is this far from its place.
 */
export const SKEW = "2 minutes";

// Bisection by ids: in (low, high] is the first event that is not before the time. About twenty index probes in a log of
// any size, where a walk along the times would read all that has happened since.
const search = statement<{ low: string; high: string }>(`
  with recursive search(low, high) as (
    select 0::bigint, last_value from events_id_seq
    union all
    select case when probe.before then middle.id else low end, case when probe.before then high else middle.id end
    from search cross join lateral (select (low + high) / 2 as id) middle
      cross join lateral (select coalesce((select e.at < $1::timestamptz + $2::interval from events e
        where e.id > middle.id and e.id <= high order by e.id limit 1), false) as before) probe
    where high - low > 1000
  )
  select low::text, high::text from search order by high - low limit 1`);

/** An id so low that every event of `time` or later has a higher one. Decimal. */
export async function idBefore(connection: Connection, time: Date): Promise<string> {
  const [found] = await connection.run(search, [time.toISOString(), `-${SKEW}`]);
  return found?.low ?? "0";
}

/** An id so high that every event of `time` or earlier has this one or a lower one. Decimal. */
export async function idAfter(connection: Connection, time: Date): Promise<string> {
  const [found] = await connection.run(search, [time.toISOString(), SKEW]);
  return found?.high ?? "0";
}

const firstSince = statement<{ id: string }>(
  "select e.id::text as id from events e where e.id > $1::bigint and e.at >= $2::timestamptz order by e.id limit 1",
);

/** The lowest id of an event of `time` or later, decimal; null when there is none yet. */
export async function firstIdSince(connection: Connection, time: Date): Promise<string | null> {
  const [first] = await connection.run(firstSince, [await idBefore(connection, time), time.toISOString()]);
  return first?.id ?? null;
}

const firstSinceEach = statement<{ id: string }>(`
  select coalesce((select e.id from events e where e.id > found.low and e.at >= wanted.at order by e.id limit 1),
    (select last_value + 1 from events_id_seq))::text as id
  from unnest($1::timestamptz[]) with ordinality wanted(at, number) cross join lateral (
    with recursive search(low, high) as (
      select 0::bigint, last_value from events_id_seq
      union all
      select case when probe.before then middle.id else low end, case when probe.before then high else middle.id end
      from search cross join lateral (select (low + high) / 2 as id) middle
        cross join lateral (select coalesce((select e.at < wanted.at from events e
          where e.id > middle.id and e.id <= high order by e.id limit 1), false) as before) probe
      where high - low > 1000
    )
    select low from search order by high - low limit 1) found
  order by wanted.number`);

/**
 * Ids that part the log at these times, in one statement: of each the lowest id of an event of that time or later, or one that is
 * higher than all. Where the clock was corrected, events around a time may be on its other side. Decimal.
 */
export async function idsAtTimes(connection: Connection, times: readonly Date[]): Promise<string[]> {
  const found = await connection.run(firstSinceEach, [times.map((time) => time.toISOString())]);
  return found.map(({ id }) => id);
}
