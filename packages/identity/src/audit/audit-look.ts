import type { Connection } from "@muster/database/database.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import type { LoggedEvent } from "@muster/events/event.ts";
import {
  type CountedPage,
  decodeCursor,
  encodeCursor,
  type ListQuery,
  readPages,
} from "@muster/operations/page-query.ts";
import { type SQL, sql } from "drizzle-orm";

/** So many entries are looked at for one page: a filter that matches nothing cannot make it take for ever. */
const MOST_LOOKED_AT = 50_000;

/** A page that may end before it is full, because enough was looked at: there may be more behind it. */
export interface LookedPage<Row> extends CountedPage<Row> {
  /** Where the page before this one ends, and where the next one begins: also of a page with nothing in it. */
  readonly startCursor: string | null;
  readonly endCursor: string | null;
  /** When the page ends, or begins if it was read backwards, before it is full: the time up to which was looked. */
  readonly lookedTo: Date | null;
}

/** A list of events in the order of their ids. */
export interface Look {
  readonly connection: Connection;
  readonly list: ListQuery;
  /** Those of the list's conditions that an index gives. */
  readonly within: readonly SQL[];
  readonly page: PageArguments;
  /** So many are looked at, if not 50,000. */
  readonly most: number | undefined;
}

/** Any one will do: the list hangs on no row. */
const ONE = "00000000-0000-0000-0000-000000000000";

/** A page of a list that indexes give. */
export async function readWhole({ connection, list, page }: Look): Promise<LookedPage<LoggedEvent>> {
  const found = await readOne(connection, list, page);
  const [startCursor, endCursor] = [found.edges[0]?.cursor ?? null, found.edges.at(-1)?.cursor ?? null];
  return { ...found, startCursor, endCursor, lookedTo: null };
}

/** A page of a list whose entries have to be looked at one by one: at most so many of them. */
export async function readLooking(look: Look): Promise<LookedPage<LoggedEvent>> {
  const { connection, list, page } = look;
  const backwards = typeof page.last === "number";
  const from = idIn(backwards ? page.before : page.after);
  const bound = await boundOf(look, backwards, from);
  const found = await readOne(connection, bound ? { ...list, where: [...list.where, bound.where] } : list, page);
  const more = backwards ? found.hasPreviousPage : found.hasNextPage;
  const short = bound !== null && !more;
  // What stands right before the page, seen the way it was read: included when one goes back from an empty page.
  const behind = from === null ? null : encodeCursor([String(ascends(list, backwards) ? from + 1n : from - 1n)]);
  const first = found.edges[0]?.cursor ?? (backwards ? null : behind);
  const last = found.edges.at(-1)?.cursor ?? (backwards ? behind : null);
  const end = short ? encodeCursor([bound.id]) : null;
  return {
    ...found,
    ...(short && (backwards ? { hasPreviousPage: true } : { hasNextPage: true })),
    startCursor: backwards ? (end ?? first) : first,
    endCursor: backwards ? last : (end ?? last),
    lookedTo: short ? bound.at : null,
    count: () => countLooking(look),
  };
}

/** Counts in what is looked at for the first page, and says when there may be more. */
async function countLooking(look: Look): ReturnType<CountedPage<LoggedEvent>["count"]> {
  const { connection, list } = look;
  const bound = await boundOf(look, false, null);
  if (!bound) return (await readOne(connection, list, { first: 1 })).count();
  const found = await readOne(connection, { ...list, where: [...list.where, bound.where] }, { first: 1 });
  return { ...(await found.count()), capped: true };
}

interface Bound {
  readonly where: SQL;
  readonly id: string;
  readonly at: Date;
}

/** The last entry to look at, going from an id on; null: there are fewer. */
async function boundOf(
  { connection, list, within, most = MOST_LOOKED_AT }: Look,
  backwards: boolean,
  from: bigint | null,
): Promise<Bound | null> {
  const ascending = ascends(list, backwards);
  const [order, after, upTo] = ascending ? ["asc", ">", "<="] : ["desc", "<", ">="];
  const conditions = [...within, ...(from === null ? [] : [sql`e.id ${sql.raw(after)} ${String(from)}::bigint`])];
  const by = sql.raw(`order by id ${order}`);
  const branches = (list.branches ?? []).map(
    (branch) =>
      sql`(select e.id from events e where ${sql.join([...conditions, "keys" in branch ? branch.where : branch], sql` and `)} ${by} limit ${most}::int)`,
  );
  const [last] = await connection.query<{ id: string; at: Date }>(sql`
    select e.id::text as id, e.at from events e where e.id = (
      select id from (${sql.join(branches, sql` union all `)}) looked ${by} offset ${most - 1}::int limit 1)`);
  return last ? { ...last, where: sql`e.id ${sql.raw(upTo)} ${last.id}::bigint` } : null;
}

function ascends({ direction }: ListQuery, backwards: boolean): boolean {
  return (direction === "ASC") !== backwards;
}

async function readOne(
  connection: Connection,
  list: ListQuery,
  page: PageArguments,
): Promise<CountedPage<LoggedEvent>> {
  return (await readPages<LoggedEvent>(connection, list, [ONE], page)).get(ONE) as CountedPage<LoggedEvent>;
}

/** The id in a cursor; null also for what is none, which is refused where the page is read. */
function idIn(cursor: string | null | undefined): bigint | null {
  const [id = ""] = (cursor && decodeCursor(cursor)) || [];
  return /^\d{1,18}$/.test(id) ? BigInt(id) : null;
}
