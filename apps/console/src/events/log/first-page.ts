import type { EventFilter } from "#api/generated/graphql.ts";
import type { EventSource, ListedEvent, ReadPage } from "#events/log/event-source.ts";
import { placeOf } from "#events/log/place-of.ts";
import { type Stretch, stretchOf, withNewer } from "#events/log/stretch.ts";
import { eventNumber } from "#live/merge-events.ts";

/** Where a list begins: at one of its ends, or around an event. */
export type Begin = "newest" | "oldest" | { readonly event: string };

export const PAGE_SIZE = 100;

interface FirstPage {
  readonly stretch: Stretch<ListedEvent>;
  readonly read: ReadPage;
}

/** The stretch that a list begins with; null when there is no such list. An event is not looked for when it is among the newest. */
export async function firstPage(
  source: EventSource,
  filter: EventFilter,
  keep: (event: ListedEvent) => boolean,
  begin: Begin,
  signal: AbortSignal,
): Promise<FirstPage | null> {
  if (begin === "oldest") return whole(await source.read({ first: PAGE_SIZE }, filter, signal), keep);
  const [newest, at] = await Promise.all([
    source.read({ last: PAGE_SIZE }, filter, signal),
    begin === "newest" ? null : source.timeOf(begin.event, signal),
  ]);
  if (newest === null || begin === "newest" || at === null) return whole(newest, keep);
  const oldest = newest.page.edges[0]?.node;
  if (!newest.page.pageInfo.hasPreviousPage || !oldest || eventNumber(oldest) <= eventNumber({ id: begin.event })) {
    return whole(newest, keep);
  }
  const cursor = await placeOf(source, { id: begin.event, at }, signal);
  if (cursor === null) return whole(newest, keep);
  const before = await source.read({ last: PAGE_SIZE / 2, before: cursor }, filter, signal);
  if (before === null) return null;
  const after = before.page.pageInfo.endCursor;
  const rest = await source.read({ first: PAGE_SIZE, ...(after !== null && { after }) }, filter, signal);
  if (rest === null) return null;
  return { read: newest, stretch: withNewer(stretchOf(before.page, keep), rest.page, keep, Infinity) };
}

function whole(read: ReadPage | null, keep: (event: ListedEvent) => boolean): FirstPage | null {
  return read && { read, stretch: stretchOf(read.page, keep) };
}
