import type { EventFilter } from "#api/generated/graphql.ts";
import { type EventKind, namesIn, typesOf } from "#events/filter/event-kinds.ts";
import type { EventsView } from "#routes.ts";

/** The keys of an address that say which events a list shows, and how. */
const KEYS = [
  "show",
  "search",
  "actor",
  "subject",
  "correlation",
  "from",
  "to",
  "order",
  "look",
  "idle",
  "event",
] as const satisfies readonly (keyof EventsView)[];

/** What an address says of a list of events. */
export function eventsViewOf(search: { readonly get: (key: string) => string | null }): EventsView {
  return Object.fromEntries(KEYS.flatMap((key) => (search.get(key) ? [[key, search.get(key)]] : [])));
}

export const LOOKS = { compact: "Compact", full: "Full", json: "JSON" } as const;
export type Look = keyof typeof LOOKS;

export function lookOf({ look }: EventsView): Look {
  return look !== undefined && look in LOOKS ? (look as Look) : "compact";
}

export function isAscending({ order }: EventsView): boolean {
  return order === "oldest";
}

/** Keys that narrow the list: without them all of its events are there. */
const NARROWING = ["show", "search", "actor", "subject", "correlation", "from", "to"] as const;

export function isNarrowed(view: EventsView): boolean {
  return NARROWING.some((key) => view[key] !== undefined);
}

/** The address without what narrows the list. */
export const UNNARROWED: EventsView = Object.fromEntries(NARROWING.map((key) => [key, undefined]));

/** What to ask the API for. An id that stands by itself in the search finds what it names. */
export function filterOf(view: EventsView, kinds: readonly EventKind[]): EventFilter {
  const types = typesOf(kinds, namesIn(view.show));
  const search = view.search?.trim();
  return {
    ...(types && { types }),
    ...(search && (idFilter(search) ?? { search })),
    ...(view.subject !== undefined && (idFilter(view.subject) ?? { subjects: [view.subject] })),
    ...(view.actor !== undefined && { actors: [view.actor] }),
    ...(view.correlation !== undefined && { correlations: [view.correlation] }),
    ...(view.from !== undefined && timed(view.from) && { after: view.from }),
    ...(view.to !== undefined && timed(view.to) && { before: view.to }),
  };
}

/** The id of an event that is looked for, or null. */
export function eventIdIn(search: string): string | null {
  return /^event_[1-9]\d*$/.exec(search.trim())?.[0] ?? null;
}

const ID = /^(agent|task|ctx|def|prj|wks|wfl|sch|que|rate|job|whk|key)_[0-9a-hjkmnp-tv-z]{26}$/;

/** An agent, task or context is found in all that concerns it; anything else in what happened to it. */
function idFilter(text: string): EventFilter | null {
  const kind = ID.exec(text)?.[1];
  if (kind === undefined) return null;
  if (kind === "agent") return { agents: [text] };
  if (kind === "task") return { tasks: [text] };
  if (kind === "ctx") return { contexts: [text] };
  return kind === "key" ? { actors: [text] } : { subjects: [text] };
}

function timed(text: string): boolean {
  return Number.isFinite(Date.parse(text));
}
