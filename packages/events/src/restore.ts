import type { Database } from "@muster/database/database.ts";
import { sql } from "drizzle-orm";

/** Which database of which server this is. Another table of the same name is one that was made by a dump. */
const IDENTITY = sql`(select system_identifier from pg_control_system())
  || '/' || (select oid from pg_database where datname = current_database()) || '/' || 'installation'::regclass::oid`;

/** Whether the log was last written in another database; null in `database`: in a version that did not record where. */
const IS_RESTORED = sql`(database <> ${IDENTITY} or (database is null
  and exists (select from events e where e.xid >= pg_snapshot_xmax(pg_current_snapshot()))))`;

/** Below every transaction's number that a server gives out. */
const PAST = sql`'3'::xid8`;

/**
 * Records in which database the log is. A log that was restored from a dump holds the transaction numbers of another server, of
 * which this one takes those ahead of its own for not yet past: such events are given one that is, and the epoch rises, so
 * that every cursor of before answers CURSOR_UNKNOWN. To be called before the log is read or written, by any number of
 * processes at once. Says whether this call found the log restored.
 */
export async function adoptLog(database: Database): Promise<boolean> {
  const [known] = await database.query<{ known: boolean }>(
    sql`select coalesce(database = ${IDENTITY}, false) as known from installation`,
  );
  if (known?.known) return false;
  return database.transaction(async (transaction) => {
    // A large log takes its time, and the others wait for it.
    await transaction.query(sql`set local statement_timeout = 0`);
    const [locked] = await transaction.query<{ restored: boolean; known: boolean }>(sql`
      with locked as (select * from installation for update)
      select coalesce(${IS_RESTORED}, false) as restored, coalesce(database = ${IDENTITY}, false) as known from locked`);
    if (!locked || locked.known) return false;
    if (locked.restored) {
      await transaction.query(
        sql`update events set xid = ${PAST} where xid >= pg_snapshot_xmin(pg_current_snapshot())`,
      );
      await transaction.query(sql`delete from event_watermarks`);
      // Every position of the new epoch sees all that was restored.
      await transaction.query(
        sql`insert into event_watermarks (xid, id) select ${PAST}, greatest(s.last_value, (select max(id) from events)) from events_id_seq s`,
      );
    }
    await transaction.query(
      sql`update installation set database = ${IDENTITY}, epoch = epoch + ${locked.restored ? 1 : 0}`,
    );
    return locked.restored;
  });
}
