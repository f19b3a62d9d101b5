import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { INSTALLATION_CHAIN } from "@muster/database/tables/audit-blocks.ts";
import { decodeCursor } from "@muster/events/cursor.ts";
import { cursorFrom } from "@muster/events/cursor-at-time.ts";
import { idBefore } from "@muster/events/id-at-time.ts";
import { presentPosition } from "@muster/events/locate.ts";
import { formatSnapshot } from "@muster/events/snapshot.ts";

/** No transaction takes so long from its first event to its commit. */
const LONGEST_MS = 600_000;
const MOST_BLOCKS = 50_000;
const MAX_ID = String(2n ** 63n - 1n);

const newestBlock = statement<{ at: Date | null }>("select max(sealed_at) as at from audit_blocks");

const unsealed = statement<{ id: string }>(`
  with chains as (select id from workspaces union all select '${INSTALLATION_CHAIN}'),
    sealed as materialized (
      select unnest(b.event_ids) as id from chains c, lateral (
        select event_ids from audit_blocks where chain_id = c.id order by number desc limit ${MOST_BLOCKS}) b)
  select e.id::text as id from events e
  where e.id > $1::bigint and e.id <= $2::bigint and pg_visible_in_snapshot(e.xid, $3::pg_snapshot)
    and not exists (select from sealed s where s.id = e.id)
  order by e.id limit $4::int`);

/**
 * After a restore from a dump the sealer's position is void, while the chains and the events came along. Finds the events, in the order
 * of their ids and at most so many, that the sealer had not come to, and where it goes on once there are none of these left.
 */
export async function leftAtRestore(
  connection: Connection,
  voidCursor: string,
  most: number,
): Promise<{ readonly ids: readonly string[]; readonly cursor: string }> {
  const { installation, position } = await presentPosition(connection);
  const [newest] = await connection.run(newestBlock, []);
  const since = newest?.at ? await idBefore(connection, new Date(newest.at.getTime() - LONGEST_MS)) : "0";
  // It may have been in the middle of a backlog, which went by ids.
  const reached = decodeCursor(voidCursor)?.place.page?.lastId ?? null;
  const ids = await connection.run(unsealed, [
    reached === null ? since : "0",
    reached ?? MAX_ID,
    formatSnapshot(position.snapshot),
    most,
  ]);
  return { ids: ids.map(({ id }) => id), cursor: cursorFrom(installation, position.snapshot, reached) };
}
