import { type Connection } from "@muster/database/database.ts";
import { sql } from "drizzle-orm";

/** A table of events. Its name says no more than its range does, and holds nothing that has to be quoted. */
export interface EventPartition {
  readonly name: string;
  /** Ids from here on; null for a table that is no longer attached. */
  readonly from: bigint | null;
  /** Ids up to, and without, this one. */
  readonly to: bigint | null;
  /** An interrupted detachment, which has to be finished before the next. */
  readonly detaching: boolean;
}

interface Row {
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly detaching: boolean;
}

/** The partitions of `events` in the order of their ids, and after them the tables that were. */
export async function eventPartitions(connection: Connection): Promise<EventPartition[]> {
  const rows = await connection.query<Row>(sql`
    select c.relname as name, coalesce(i.inhdetachpending, false) as detaching, range[1] as "from", range[2] as "to"
    from pg_class c left join pg_inherits i on i.inhrelid = c.oid and i.inhparent = 'events'::regclass
      cross join lateral (select regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \\(''(\\d+)''\\) TO \\(''(\\d+)''\\)') as range) bound
    where c.relnamespace = (select relnamespace from pg_class where oid = 'events'::regclass)
      and c.relkind = 'r' and c.relname ~ '^events_(before_)?\\d+$'
    order by range[1]::bigint, c.relname`);
  return rows.map(({ from, to, ...row }) => ({
    ...row,
    from: from === null ? null : BigInt(from),
    to: to === null ? null : BigInt(to),
  }));
}
