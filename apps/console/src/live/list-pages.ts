/** A part of a list, as it was read: the rows after a cursor. */
export interface ListPage<Row> {
  /** Where it begins; null for the first one. */
  readonly after: string | null;
  /** So many rows were asked for. */
  readonly size: number;
  readonly rows: readonly Row[];
  /** Where the next one begins. */
  readonly end: string | null;
  /** Whether rows follow. */
  readonly more: boolean;
  /** In which reading of the list it was read: one of an earlier reading may lack rows, or have some too many. */
  readonly reading: number;
}

/** The rows that somebody sees, both included. */
export interface Sight {
  readonly first: number;
  readonly last: number;
}

/** What to read next: pages from an index up to another, in a chain, where each begins at the end of the one before. */
export interface Chain {
  readonly from: number;
  readonly to: number;
}

/**
 * The pages to read: those in sight that are outdated, else the next one when the end of what is loaded is near. Null when
 * all is well. Pages out of sight stay as they are until they come into it.
 */
export function nextChain(
  pages: readonly ListPage<unknown>[],
  sight: Sight,
  reading: number,
  reach: number,
): Chain | null {
  const last = pages.at(-1);
  if (!last) return null;
  const to = pageOf(pages, sight.last);
  for (let from = pageOf(pages, sight.first); from <= to; from += 1) {
    if ((pages[from]?.reading ?? reading) < reading) return { from, to };
  }
  const loaded = pages.reduce((sum, { rows }) => sum + rows.length, 0);
  return last.more && sight.last + reach >= loaded ? { from: pages.length, to: pages.length } : null;
}

/** Which page holds a row; the last one, when the row is not loaded. */
function pageOf(pages: readonly ListPage<unknown>[], row: number): number {
  let before = 0;
  const found = pages.findIndex(({ rows }) => (before += rows.length) > row);
  return found < 0 ? Math.max(0, pages.length - 1) : found;
}

/**
 * The list with pages read anew in place of those from an index on. What follows stays when it still begins where they end;
 * else it is dropped, and read again once it is wanted, so that no row is lost or stands there twice.
 */
export function placePages<Row>(
  pages: readonly ListPage<Row>[],
  { from, to }: Chain,
  fresh: readonly ListPage<Row>[],
): ListPage<Row>[] {
  const end = fresh.at(-1);
  const rest = pages.slice(to + 1);
  const follows = end?.more === true && fresh.length === to - from + 1 && rest[0]?.after === end.end;
  return [...pages.slice(0, from), ...fresh, ...(follows ? rest : [])];
}

interface Identified {
  readonly id: string;
}

/** Whether they are the same things in the same order, whatever has changed about them. */
export function sameRows(one: readonly Identified[], other: readonly Identified[]): boolean {
  return one.length === other.length && one.every(({ id }, index) => id === other[index]?.id);
}
