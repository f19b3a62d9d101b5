import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { sql } from "drizzle-orm";
import { decodeCursor, type Place } from "./cursor.ts";
import type { LoggedEvent } from "./event.ts";
import { locateCursor } from "./locate.ts";
import type { Position } from "./position.ts";
import { sees } from "./snapshot.ts";

/** More fresh events than this are not looked at one by one. */
const MOST = 100_000;

const sealerCursor = statement<{ cursor: string | null }>("select cursor from audit_sealer");

/** How far the audit chains go in the feed; null: nowhere, as far as this database can tell. */
export async function sealedPosition(connection: Connection): Promise<Position | null> {
  const [row] = await connection.run(sealerCursor, []);
  if (!row?.cursor || !decodeCursor(row.cursor)) return null;
  const located = await locateCursor(connection, row.cursor, undefined, true);
  return "reason" in located ? null : located.position;
}

/** Whether the event is in a chain when these go as far as `place`. */
export function isSealed(place: Place | null, { id, xid }: Pick<LoggedEvent, "id" | "xid">): boolean {
  if (!place) return false;
  const { snapshot, page } = place;
  if (sees(snapshot, BigInt(xid))) return true;
  return page !== null && BigInt(id) <= BigInt(page.lastId) && sees(page.target, BigInt(xid));
}

/**
 * An id below which every event that can be seen now is in an audit chain; null: all are. As high as can be, unless very many
 * wait: then lower.
 */
export async function firstUnsealedId(connection: Connection): Promise<bigint | null> {
  const position = await sealedPosition(connection);
  if (!position) return 0n;
  const { page, floor } = position;
  const snapshot = page?.target ?? position.snapshot;
  const [row] = await connection.query<{ first: string | null; count: number }>(sql`
    with newer as materialized (
      select e.id from events e where e.xid >= ${String(snapshot.xmax)}::xid8 order by e.xid, e.id limit ${MOST + 1}
    ), late as materialized (
      select found.id from unnest(${sql.param(snapshot.running.map(String))}::xid8[]) running(xid), lateral (
        select e.id from events e where e.xid = running.xid order by e.xid, e.id limit ${MOST + 1}) found
    )
    select min(id)::text as first, count(*)::int as count from (select id from newer union all select id from late) fresh`);
  const upTo = page ? BigInt(page.lastId) + 1n : null;
  // In the middle of a backlog, what comes after the page may be sealed or not.
  const first = row && row.count > MOST ? BigInt(floor.running) + 1n : row?.first ? BigInt(row.first) : null;
  if (upTo === null || first === null) return upTo ?? first;
  return upTo < first ? upTo : first;
}
