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

/** The highest watermark that holds for transactions from `xid` (of type xid8) on, as text. */
export function watermarkOf(xid: SQL): SQL {
  return sql`coalesce((select id from event_watermarks where xid <= ${xid} order by xid desc limit 1), 0)::text`;
}
