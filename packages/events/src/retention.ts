import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";

/** SQL: the lowest id for which there is a partition, as bigint. Retention has removed what was before. */
export const RETAINED_FROM_ID = `(select coalesce(min((regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \\(''(\\d+)''\\)'))[1]::bigint), 0)
  from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'events'::regclass)`;

// Ids follow the clock only nearly, so the oldest time that is whole is that of the latest of the first events.
const oldestTime = statement<{ at: Date | null }>(`
  select case when ${RETAINED_FROM_ID} > 0 then
    coalesce((select max(first.at) from (select e.at from events e order by e.id limit 1000) first), clock_timestamp()) end as at`);

/** The time from which on every event is still there; null when none was ever removed. */
export async function retainedSince(connection: Connection): Promise<Date | null> {
  const [row] = await connection.run(oldestTime, []);
  return row?.at ?? null;
}
