import { createHash } from "node:crypto";
import type { Connection } from "@muster/database/database.ts";
import { type SQL, sql } from "drizzle-orm";
import { decodeCursor, encodeCursor, type Installation, type Place } from "./cursor.ts";
import { durableSnapshot, lastEventBound } from "./durable-snapshot.ts";
import type { ResyncReason } from "./frame.ts";
import type { FeedPlace } from "./feed-place.ts";
import type { Position } from "./position.ts";
import { retainedFromId } from "./retention-bound.ts";
import { formatSnapshot, parseSnapshot, type Snapshot } from "./snapshot.ts";
import { watermarkOf } from "./watermark.ts";

/** Where the feed is now, and in which database. */
export interface Present {
  readonly installation: Installation;
  readonly position: Position;
  /** The number of the database's next transaction. */
  readonly next: bigint;
}

interface Row {
  readonly identity: string;
  readonly standby: boolean;
  readonly present: string;
  readonly next: string;
  /** Events with lower ids may have been removed. */
  readonly retainedFrom: string;
  /** Watermarks of the given snapshot, else of the present one. */
  readonly newerFloor: string;
  readonly runningFloor: string;
  /** Of the second given snapshot. */
  readonly targetFloor: string;
}

function lookQuery(snapshot: SQL, target: SQL, of: FeedPlace | undefined): SQL {
  return sql`
    with present as materialized (select ${durableSnapshot(lastEventBound)}::pg_snapshot as snapshot)
    select (select system_identifier from pg_control_system()) || '/'
        || (select oid from pg_database where datname = current_database()) || '/' || (select epoch from installation) as "identity",
      pg_is_in_recovery() as "standby",
      present.snapshot::text as "present", pg_snapshot_xmax(pg_current_snapshot())::text as "next",
      ${retainedFromId(of)}::text as "retainedFrom",
      ${watermarkOf(sql`pg_snapshot_xmax(${snapshot})`)} as "newerFloor",
      ${watermarkOf(sql`pg_snapshot_xmin(${snapshot})`)} as "runningFloor",
      ${watermarkOf(sql`pg_snapshot_xmin(${target})`)} as "targetFloor"
    from present`;
}

async function look(connection: Connection, place: Place | null, of?: FeedPlace) {
  const snapshot = place ? sql`${formatSnapshot(place.snapshot)}::pg_snapshot` : sql`present.snapshot`;
  const target = place?.page ? sql`${formatSnapshot(place.page.target)}::pg_snapshot` : snapshot;
  const [row] = await connection.query<Row>(lookQuery(snapshot, target, of));
  const present = parseSnapshot(row?.present ?? "");
  if (!row || !present) throw new Error("Postgres gave no snapshot.");
  // A standby does not list what is running, so its snapshots are no positions.
  if (row.standby)
    throw new Error(
      "The event feed has to read the primary, but this database is a standby. Set DATABASE_URL to the primary.",
    );
  const installation = createHash("sha256").update(row.identity).digest("hex").slice(0, 16);
  return { row, present, next: BigInt(row.next), installation };
}

/** The present position of the feed: everything that is committed now counts as delivered. */
export async function presentPosition(connection: Connection): Promise<Present> {
  const { row, present, next, installation } = await look(connection, null);
  const floor = { newer: row.newerFloor, running: row.runningFloor };
  return { installation, position: { snapshot: present, page: null, floor }, next };
}

/** The cursor of `presentPosition`. */
export async function presentCursor(connection: Connection): Promise<string> {
  const { installation, position } = await presentPosition(connection);
  return encodeCursor(installation, position.snapshot);
}

/** Where a cursor stands, or why it stands nowhere, with the present cursor. Never an SQL error, whatever the cursor. */
export type Located =
  | { readonly position: Position; readonly present: Snapshot }
  | { readonly reason: Exclude<ResyncReason, "SLOW_CONSUMER">; readonly cursor: string };

/**
 * Finds where `cursor` stands in the feed of a place, or of all. CURSOR_UNKNOWN: this database never handed it out.
 * CURSOR_EXPIRED: retention has removed events that come after it; not with `evenIfRemoved`.
 */
export async function locateCursor(
  connection: Connection,
  cursor: string,
  of?: FeedPlace,
  evenIfRemoved = false,
): Promise<Located> {
  const decoded = decodeCursor(cursor);
  const { row, present, next, installation } = await look(connection, decoded?.place ?? null, of);
  const resync = (reason: "CURSOR_UNKNOWN" | "CURSOR_EXPIRED") => ({
    reason,
    cursor: encodeCursor(installation, present),
  });
  if (decoded?.installation !== installation || !isPast(decoded.place, next)) return resync("CURSOR_UNKNOWN");
  const { snapshot, page } = decoded.place;
  const delivered = page ? min(BigInt(page.lastId), BigInt(row.targetFloor)) : 0n;
  const known = delivered > BigInt(row.runningFloor) ? delivered : BigInt(row.runningFloor);
  if (!evenIfRemoved && BigInt(row.retainedFrom) > known + 1n) return resync("CURSOR_EXPIRED");
  return {
    present,
    position: { snapshot, page, floor: { newer: row.newerFloor, running: row.runningFloor } },
  };
}

function isPast({ snapshot, page }: Place, next: bigint): boolean {
  const last = page?.target ?? snapshot;
  return snapshot.xmax <= last.xmax && last.xmax <= next;
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
