import type { EventSource } from "#events/log/event-source.ts";

const PAGE = 200;
/** So many events of one millisecond are looked through. */
const MOST_PAGES = 10;

/**
 * The cursor of an event in a source's list, found by its time; null when it is not in there. The list is looked at without a
 * filter: cursors are the same with any.
 */
export async function placeOf(
  source: EventSource,
  event: { readonly id: string; readonly at: string },
  signal: AbortSignal,
): Promise<string | null> {
  // Times are told in whole milliseconds, rounded down.
  const filter = { after: event.at, before: new Date(Date.parse(event.at) + 1).toISOString() };
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const read = await source.read({ first: PAGE, ...(after !== undefined && { after }) }, filter, signal);
    const found = read?.page.edges.find(({ node }) => node.id === event.id);
    if (found) return found.cursor;
    if (!read?.page.pageInfo.hasNextPage) return null;
    after = read.page.pageInfo.endCursor ?? undefined;
  }
  return null;
}
