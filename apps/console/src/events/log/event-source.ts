import type { EventFilter, EventLineFragment } from "#api/generated/graphql.ts";
import type { EventPage } from "#events/log/stretch.ts";

/** An event as lists have it. */
export type ListedEvent = EventLineFragment;

/** Which part of a list: as the API pages. */
export type PageWanted =
  | { readonly first: number; readonly after?: string }
  | { readonly last: number; readonly before?: string };

export interface ReadPage {
  readonly page: EventPage<ListedEvent>;
  /** The feed's position that the page was read at. */
  readonly cursor: string;
  /** The project whose feed tells of what comes. */
  readonly project: string;
}

export interface Following {
  readonly project: string;
  readonly filter: EventFilter;
  readonly after: string;
  readonly onEvent: (event: ListedEvent) => void;
  /** Events were missed: reads anew, and answers the cursor that this was read at. */
  readonly onMissed: () => Promise<string>;
  readonly signal: AbortSignal;
}

/** Where a list of events is read from: the timeline of an agent, the log of a project. Nothing of it goes through the cache. */
export interface EventSource {
  /** Tells sources apart. */
  readonly key: string;
  /** A page; null when there is no such agent or project. */
  readonly read: (page: PageWanted, filter: EventFilter, signal: AbortSignal) => Promise<ReadPage | null>;
  /** When an event happened; null when there is none. */
  readonly timeOf: (event: string, signal: AbortSignal) => Promise<string | null>;
  /** Follows the events after a position, until the signal. */
  readonly follow: (following: Following) => Promise<void>;
}
