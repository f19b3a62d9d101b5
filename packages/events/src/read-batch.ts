import type { Connection } from "@muster/database/database.ts";
import { type Statement, statement } from "@muster/database/statement.ts";
import { type SQL, sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { EVENT_COLUMNS, type LoggedEvent } from "./event.ts";
import { type EventFilter, filterConditions } from "./filter.ts";
import { eventsOf, type FeedPlace, placeCondition } from "./feed-place.ts";
import type { Position } from "./position.ts";
import { formatSnapshot, parseSnapshot, type Snapshot } from "./snapshot.ts";
import { durableSnapshot, lastEventBound } from "./durable-snapshot.ts";
import { EventsRemoved, retainedFromId } from "./retention-bound.ts";
import { NEWEST_WATERMARK, watermarkOf } from "./watermark.ts";

export interface BatchOptions {
  /** Only events of this place. */
  readonly place?: FeedPlace;
  readonly filter?: EventFilter;
  readonly sizes: ReadSizes;
  /** Goes on although retention may have removed some of what comes next: for who wants what is left. */
  readonly evenIfRemoved?: boolean;
}

/** How much is read at once. */
export interface ReadSizes {
  /** Most events in one page. */
  readonly page: number;
  /** So many fresh events are looked up by their transactions; when there are more, all are found in the order of ids. */
  readonly lookUp: number;
  /** So many ids are gone through for one page: a filter that matches nothing cannot make it take for ever. */
  readonly window: number;
}

export const DEFAULT_SIZES: ReadSizes = { page: 250, lookUp: 2_000, window: 200_000 };

/** A page of the events between a position and a later snapshot. */
export interface Batch {
  /** In the order of their ids. */
  readonly events: readonly LoggedEvent[];
  /** What this batch reaches: it sees each of the events. */
  readonly target: Snapshot;
  /** Where to go on. */
  readonly position: Position;
  /** The batch ends here: `position` is after everything that `target` sees. */
  readonly complete: boolean;
}

const dialect = new PgDialect();
/** By their text: making one takes a hash, and the tail reads hundreds of times a second. */
const statements = new Map<string, Statement<Row>>();
const MOST_STATEMENTS = 1_000;

function preparedStatement(text: string): Statement<Row> {
  const known = statements.get(text);
  if (known) return known;
  const made = statement<Row>(text);
  if (statements.size >= MOST_STATEMENTS) statements.clear();
  statements.set(text, made);
  return made;
}

/** The position is ahead of what the database knows: it is not the one that handed it out. */
export class PositionAhead extends Error {
  override readonly name = "PositionAhead";
}

/** In every row, also when there is no event in it. */
interface Reach {
  readonly target: string;
  /** The number of the database's next transaction. */
  readonly next: string;
  readonly newerFloor: string;
  readonly runningFloor: string;
  /** There may be more than were looked up. */
  readonly large: boolean;
  /** The lowest id of the events of transactions that were running. */
  readonly oldest: string | null;
  /** An id that no event seen by `target` exceeds. */
  readonly newest: string;
  /** Retention has removed events that come after the position. */
  readonly removed: boolean;
}
type Row = { readonly reach: Reach } & (LoggedEvent | { readonly id: null });

/**
 * Reads what the present snapshot T sees and the position's snapshot S did not, one page at a time. While a batch has more
 * pages, T stays the same; after the last one T is the new position. A snapshot and not an id is the position, because ids
 * are drawn in order but commit out of order; but inside a batch events go by id and not by transaction, because only ids
 * follow the order of a subject's versions. One round trip; two where a large backlog begins.
 *
 * Throws `PositionAhead` when the database does not know the position's transactions yet, and `EventsRemoved` when retention
 * has overtaken the position.
 */
export async function readBatch(connection: Connection, position: Position, options: BatchOptions): Promise<Batch> {
  if (position.page) return walk(connection, position, position.page, options);
  // Prepared: there are few shapes of filters, and the tail sends the same text many times a second.
  const fresh = dialect.sqlToQuery(freshQuery(position, options));
  const { reach, events } = split(await connection.run(preparedStatement(fresh.sql), fresh.params));
  const target = parseSnapshot(reach.target);
  if (!target) throw new Error("Postgres gave no snapshot.");
  if (BigInt(reach.next) < position.snapshot.xmax)
    throw new PositionAhead("The position in the feed is ahead of the database.");
  checkRetained(reach);
  if (reach.large) {
    const start =
      reach.oldest === null
        ? BigInt(position.floor.newer)
        : lower(BigInt(position.floor.newer), BigInt(reach.oldest) - 1n);
    return walk(connection, position, { target, lastId: String(start) }, options);
  }
  const last = events[options.sizes.page - 1];
  if (last) return { events, target, position: { ...position, page: { target, lastId: last.id } }, complete: false };
  return { events, target, position: after(target, reach), complete: true };
}

async function walk(
  connection: Connection,
  position: Position,
  { target, lastId }: NonNullable<Position["page"]>,
  options: BatchOptions,
): Promise<Batch> {
  const end = BigInt(lastId) + BigInt(options.sizes.window);
  const query = walkQuery(position, target, lastId, String(end), options);
  const { reach, events } = split(await connection.query<Row>(query));
  checkRetained(reach);
  const last = events[options.sizes.page - 1];
  if (!last && end >= BigInt(reach.newest)) return { events, target, position: after(target, reach), complete: true };
  return {
    events,
    target,
    position: { ...position, page: { target, lastId: last?.id ?? String(end) } },
    complete: false,
  };
}

function split(rows: readonly Row[]): { reach: Reach; events: LoggedEvent[] } {
  const reach = rows[0]?.reach;
  if (!reach) throw new Error("Postgres gave no snapshot.");
  const events: LoggedEvent[] = [];
  for (const { reach: _reach, ...event } of rows) if (event.id !== null) events.push(event);
  return { reach, events };
}

function checkRetained({ removed }: Reach): void {
  if (removed) throw new EventsRemoved("Retention has removed events that come after this position in the feed.");
}

function after(snapshot: Snapshot, { newerFloor, runningFloor }: Reach): Position {
  return { snapshot, page: null, floor: { newer: newerFloor, running: runningFloor } };
}

/** By transaction: those from S's xmax on, and those that were running in S. Never with an `or`, which no index serves. */
export function freshQuery(position: Position, options: BatchOptions): SQL {
  const { snapshot, floor } = position;
  // Not as parameters: a plan for any values has to know that they are small.
  const lookUp = sql.raw(`${options.sizes.lookUp}`);
  const limit = sql.raw(`limit ${options.sizes.lookUp + 1}`);
  // What this statement sees is what T sees: no test of visibility is needed.
  return sql`
    with newer as materialized (
      select e.* from events e where e.xid >= ${snapshot.xmax}::xid8 and e.id > ${floor.newer}::bigint order by e.xid, e.id ${limit}
    ), late as materialized (
      select found.* from unnest(${sql.param(snapshot.running.map(String))}::xid8[]) running(xid), lateral (
        select e.* from events e where e.xid = running.xid and e.id > ${floor.running}::bigint order by e.xid, e.id ${limit}) found
    ), size as materialized (
      select (select count(*) from newer) > ${lookUp} or (select count(*) from late) > ${lookUp} as large
    ), present as materialized (
      select ${durableSnapshot(sql`case when large then ${lastEventBound}
        else greatest(${snapshot.xmax}::bigint, (select max(xid::text::bigint) from newer) + 1) end`)}::pg_snapshot as target from size
    ), reach as materialized (
      select size.large, ${reachOf(sql`present.target`, removedAfter(position, floor.running, options))}, (select min(id) from late)::text as "oldest" from size, present
    )
    select to_json(reach) as "reach", found.* from reach left join lateral (
      select ${EVENT_COLUMNS} from (select * from newer union all select * from late) e
      where not reach.large ${inPlace(options.place)} ${wanted(options.filter)} order by e.id limit ${sql.raw(`${options.sizes.page}`)}) found on true`;
}

/** By id: what T sees and S did not, after one id and up to another. */
export function walkQuery(
  position: Position,
  target: Snapshot,
  lastId: string,
  end: string,
  options: BatchOptions,
): SQL {
  const conditions = sql`e.id > ${lastId}::bigint and e.id <= ${end}::bigint
    and not pg_visible_in_snapshot(e.xid, ${formatSnapshot(position.snapshot)}::pg_snapshot)
    and pg_visible_in_snapshot(e.xid, ${formatSnapshot(target)}::pg_snapshot) ${wanted(options.filter)}`;
  return sql`
    with reach as materialized (
      select ${reachOf(sql`${formatSnapshot(target)}::pg_snapshot`, removedAfter(position, lastId, options))}, true as large, null as "oldest"
    )
    select to_json(reach) as "reach", found.* from reach left join lateral (
      select ${EVENT_COLUMNS} from ${eventsOf(options.place ?? "everywhere", conditions, sql.raw(`${options.sizes.page}`))} e
    ) found on true`;
}

/**
 * SQL (boolean): whether events after the position, all of whose ids are above `known` and above its watermark, may have been
 * removed. Mostly the newest watermark tells that they cannot.
 */
function removedAfter({ snapshot, floor }: Position, known: string, { place, evenIfRemoved }: BatchOptions): SQL {
  if (evenIfRemoved) return sql`false`;
  const watermark = watermarkOf(sql`${snapshot.xmin}::xid8`);
  return sql`case when ${floor.running}::bigint < ${NEWEST_WATERMARK}
    then ${retainedFromId(place)} > greatest(${known}::bigint, (${watermark})::bigint) + 1 else false end`;
}

function reachOf(target: SQL, removed: SQL): SQL {
  return sql`(${target})::text as "target", pg_snapshot_xmax(pg_current_snapshot())::text as "next", (select last_value from events_id_seq)::text as "newest",
    ${removed} as "removed",
    ${watermarkOf(sql`pg_snapshot_xmax(${target})`)} as "newerFloor", ${watermarkOf(sql`pg_snapshot_xmin(${target})`)} as "runningFloor"`;
}

function inPlace(place: FeedPlace = "everywhere"): SQL {
  const condition = placeCondition(place);
  return condition ? sql`and ${condition}` : sql``;
}

function wanted(filter: EventFilter = {}): SQL {
  return sql.join(
    filterConditions(filter).map((condition) => sql`and ${condition}`),
    sql` `,
  );
}

function lower(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
