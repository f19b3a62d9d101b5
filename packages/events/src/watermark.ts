import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { type SQL, sql } from "drizzle-orm";

/** So many ids lie between two watermarks. */
const DISTANCE = 100_000;

// The sequence is read before this transaction gets its number. So a transaction with a later number got it after the
// sequence was read, and drew its ids, which it does after it has its number, after that.
const insertWatermark = statement(`
  insert into event_watermarks (xid, id)
  select pg_current_xact_id(), last_value from events_id_seq
  where last_value >= $1::bigint + (select coalesce(max(id), 0) from event_watermarks)
  on conflict do nothing`);

/** Records up to which id there is nothing new for transactions from now on. Must not run inside a larger transaction. */
export async function recordWatermark(connection: Connection, distance = DISTANCE): Promise<void> {
  await connection.run(insertWatermark, [distance]);
}

// The xids of the events up to an older watermark are below that one's.
const LAST_BELOW = `(
  with older as (select xid, id from event_watermarks where id < $1::bigint - 1 order by id desc limit 1)
  select coalesce(greatest((select xid from older), (
    select max(e.xid) from events e where e.id < $1::bigint and e.id > coalesce((select id from older), 0))), '2'::xid8) as xid)`;

const deleteWeaker = statement<{ xid: string }>(`
  with exact as materialized (select (last.xid::text::bigint + 1)::text::xid8 as xid from ${LAST_BELOW} last),
    deleted as (delete from event_watermarks w using exact where w.xid >= exact.xid and w.id < $1::bigint - 1)
  select xid::text as xid from exact`);

const insertExact = statement(`
  insert into event_watermarks (xid, id) select $2::text::xid8, $1::bigint - 1
  where not exists (select from event_watermarks where xid <= $2::text::xid8 and id >= $1::bigint - 1)`);

/**
 * Records the earliest watermark that there can be for the ids below `bound`: positions that see all these events, and only
 * they, have it. No transaction may be running that has, or may draw, such an id.
 */
export async function recordExactWatermark(connection: Connection, bound: bigint): Promise<void> {
  const [exact] = await connection.run(deleteWeaker, [String(bound)]);
  await connection.run(insertExact, [String(bound), exact?.xid]);
}

/** SQL (bigint): the newest watermark. Retention never removes what is above it. */
export const NEWEST_WATERMARK: SQL = sql`coalesce((select id from event_watermarks order by xid desc limit 1), 0)`;

/** The highest watermark that holds for transactions from `xid` (of type xid8) on, as text. */
export function watermarkOf(xid: SQL): SQL {
  return sql`coalesce((select id from event_watermarks where xid <= ${xid} order by xid desc limit 1), 0)::text`;
}
