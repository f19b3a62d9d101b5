import { eventNumber, newestFirst, type PlacedEvent } from "#live/merge-events.ts";

/** A stretch of events without a gap, from the newest there is back to the oldest that was loaded. */
export interface LoadedEvents<Event> {
  /** The newest first. */
  readonly events: readonly Event[];
  /** Where to go on reading backwards; null when there is nothing yet. */
  readonly before: string | null;
  /** There is nothing older. */
  readonly complete: boolean;
}

/** A page of the API, the oldest event first. */
export interface EventPage<Event> {
  readonly edges: readonly { readonly cursor: string; readonly node: Event }[];
  readonly pageInfo: { readonly hasPreviousPage: boolean };
}

/**
 * Adds the newest page and the events that have come since it was read. Where the page does not reach back to what is
 * loaded, something may lie between: the stretch begins anew at the page, and the rest is loaded again when it is wanted.
 */
export function withNewest<Event extends PlacedEvent>(
  loaded: LoadedEvents<Event> | null,
  page: EventPage<Event>,
  live: readonly Event[],
): LoadedEvents<Event> {
  const nodes = page.edges.map(({ node }) => node);
  const [oldest] = nodes;
  const newestKnown = loaded?.events[0];
  const connects =
    !page.pageInfo.hasPreviousPage ||
    (oldest !== undefined && newestKnown !== undefined && eventNumber(oldest) <= eventNumber(newestKnown));
  if (loaded && loaded.events.length > 0 && connects) {
    return { ...loaded, events: merged(loaded.events, [...nodes, ...live]) };
  }
  return {
    events: newestFirst(nodes, live),
    before: page.edges[0]?.cursor ?? null,
    complete: !page.pageInfo.hasPreviousPage,
  };
}

/** Adds the page before. */
export function withEarlier<Event extends PlacedEvent>(
  loaded: LoadedEvents<Event>,
  page: EventPage<Event>,
): LoadedEvents<Event> {
  return {
    events: merged(
      loaded.events,
      page.edges.map(({ node }) => node),
    ),
    before: page.edges[0]?.cursor ?? loaded.before,
    complete: !page.pageInfo.hasPreviousPage,
  };
}

/** Puts a few events in their places: only the part of the list that they reach is sorted again. */
function merged<Event extends PlacedEvent>(known: readonly Event[], added: readonly Event[]): readonly Event[] {
  const [first] = added;
  if (!first) return known;
  const oldest = added.reduce((least, event) => Math.min(least, eventNumber(event)), eventNumber(first));
  const newest = added.reduce((most, event) => Math.max(most, eventNumber(event)), eventNumber(first));
  const from = firstAtMost(known, newest);
  const to = firstAtMost(known, oldest - 1);
  const between = newestFirst(known.slice(from, to), added);
  return [...known.slice(0, from), ...between, ...known.slice(to)];
}

/** The index of the first event, in a list with the newest first, whose number is at most this. */
function firstAtMost(events: readonly PlacedEvent[], number: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const event = events[middle];
    if (event && eventNumber(event) > number) low = middle + 1;
    else high = middle;
  }
  return low;
}
