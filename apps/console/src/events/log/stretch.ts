import { eventNumber, type PlacedEvent } from "#live/merge-events.ts";

/** An event in its place. */
export interface Row<Event> {
  readonly event: Event;
  /** Later events have higher ones. */
  readonly number: number;
  /** Where it stands in the API's list; null of one that the feed brought. */
  readonly cursor: string | null;
}

/** A stretch of the log without a gap. What lies beyond its ends is read when it is wanted. */
export interface Stretch<Event> {
  /** The newest first. */
  readonly rows: readonly Row<Event>[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  /** Where to go on reading; null when that has to be found by the last row's own place. */
  readonly olderCursor: string | null;
  readonly newerCursor: string | null;
}

/** A page of the API, the oldest event first. */
export interface EventPage<Event> {
  readonly edges: readonly { readonly cursor: string; readonly node: Event }[];
  readonly pageInfo: {
    readonly hasPreviousPage: boolean;
    readonly hasNextPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

type Keep<Event> = (event: Event) => boolean;

/** The stretch that a page is. */
export function stretchOf<Event extends PlacedEvent>(page: EventPage<Event>, keep: Keep<Event>): Stretch<Event> {
  return {
    rows: rowsOf(page, keep),
    hasOlder: page.pageInfo.hasPreviousPage,
    hasNewer: page.pageInfo.hasNextPage,
    olderCursor: page.pageInfo.startCursor,
    newerCursor: page.pageInfo.endCursor,
  };
}

/** With the page before it. Beyond `most` rows the newest are let go of. */
export function withOlder<Event extends PlacedEvent>(
  stretch: Stretch<Event>,
  page: EventPage<Event>,
  keep: Keep<Event>,
  most: number,
): Stretch<Event> {
  const longer = {
    ...stretch,
    rows: merged(stretch.rows, rowsOf(page, keep)),
    hasOlder: page.pageInfo.hasPreviousPage,
    olderCursor: page.pageInfo.startCursor ?? stretch.olderCursor,
  };
  if (longer.rows.length <= most) return longer;
  // It has to begin with one whose place is known, or there is no way back.
  const first = longer.rows.findIndex(({ cursor }, at) => at >= longer.rows.length - most && cursor !== null);
  if (first <= 0) return longer;
  const rows = longer.rows.slice(first);
  return { ...longer, rows, hasNewer: true, newerCursor: rows[0]?.cursor ?? null };
}

/** With the page after it. Beyond `most` rows the oldest are let go of. */
export function withNewer<Event extends PlacedEvent>(
  stretch: Stretch<Event>,
  page: EventPage<Event>,
  keep: Keep<Event>,
  most: number,
): Stretch<Event> {
  return cutOlder(
    {
      ...stretch,
      rows: merged(stretch.rows, rowsOf(page, keep)),
      hasNewer: page.pageInfo.hasNextPage,
      newerCursor: page.pageInfo.endCursor ?? stretch.newerCursor,
    },
    most,
  );
}

/** With what the feed brought, each event once and in its place. Beyond `most` rows the oldest are let go of. */
export function withLive<Event extends PlacedEvent>(
  stretch: Stretch<Event>,
  events: readonly Event[],
  most: number,
): Stretch<Event> {
  const known = new Set(stretch.rows.slice(0, 2 * events.length + 200).map(({ number }) => number));
  const fresh = events
    .map((event) => ({ event, number: eventNumber(event), cursor: null }))
    .filter(({ number }) => !known.has(number));
  return fresh.length === 0 ? stretch : cutOlder({ ...stretch, rows: merged(stretch.rows, fresh) }, most);
}

function cutOlder<Event>(stretch: Stretch<Event>, most: number): Stretch<Event> {
  if (stretch.rows.length <= most) return stretch;
  const rows = stretch.rows.slice(0, most);
  return { ...stretch, rows, hasOlder: true, olderCursor: rows.at(-1)?.cursor ?? null };
}

function rowsOf<Event extends PlacedEvent>({ edges }: EventPage<Event>, keep: Keep<Event>): Row<Event>[] {
  return edges
    .filter(({ node }) => keep(node))
    .map(({ node, cursor }) => ({ event: node, number: eventNumber(node), cursor }))
    .reverse();
}

/** Each event once, the newest first; which of two the same is taken does not matter, so the one with a cursor is. */
function merged<Event>(one: readonly Row<Event>[], other: readonly Row<Event>[]): readonly Row<Event>[] {
  if (other.length === 0) return one;
  const byNumber = new Map<number, Row<Event>>();
  for (const row of [...one, ...other]) {
    if (row.cursor !== null || !byNumber.has(row.number)) byNumber.set(row.number, row);
  }
  return [...byNumber.values()].sort((first, second) => second.number - first.number);
}

/** The index of the first row whose number is at most this; the number of rows when there is none. */
export function indexOfNumber(rows: readonly Row<unknown>[], number: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.number ?? 0) > number) low = middle + 1;
    else high = middle;
  }
  return low;
}
