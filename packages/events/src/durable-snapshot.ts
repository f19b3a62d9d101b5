import { type SQL, sql } from "drizzle-orm";

/**
 * SQL (bigint): one above the highest transaction of an event that is visible now. Its commit is on disk, so the database
 * knows this number, and all below it, also after a crash.
 */
export const lastEventBound: SQL = sql`coalesce((select e.xid::text::bigint from events e order by e.xid desc limit 1), 2) + 1`;

/**
 * SQL (text): the present snapshot, cut off at `bound`, above which it sees no event. For a position in the feed this is
 * the same, as long as nothing crashes. But Postgres hands out a transaction's number again after a crash when nothing that
 * the transaction did had reached the disk: it was rolled back, or had written nothing. A position above such a number
 * would take the event of the second transaction for delivered.
 */
export function durableSnapshot(bound: SQL): SQL {
  return sql`(
    select coalesce(min(running.xid), last.bound) || ':' || last.bound || ':' || coalesce(string_agg(running.xid::text, ',' order by running.xid), '')
    from (select ${bound} as bound) last
      left join (select xid::text::bigint as xid from pg_snapshot_xip(pg_current_snapshot()) xid) running on running.xid < last.bound
    group by last.bound)`;
}
