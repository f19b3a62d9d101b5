import { delay } from "@muster/client/retry.ts";
import type { EventFilter } from "#api/generated/graphql.ts";
import type { EventSource, ListedEvent, PageWanted, ReadPage } from "#events/log/event-source.ts";
import { type Begin, firstPage, PAGE_SIZE } from "#events/log/first-page.ts";
import { EMPTY_STRETCH, type LogState, NOTHING_YET } from "#events/log/log-state.ts";
import { placeOf } from "#events/log/place-of.ts";
import { readingError } from "#events/log/reading-error.ts";
import { createSoon } from "#events/log/soon.ts";
import { type Stretch, withLive, withNewer, withOlder } from "#events/log/stretch.ts";
import { WaitingEvents } from "#events/log/waiting-events.ts";
import { eventNumber } from "#live/merge-events.ts";

/** So many rows are in memory, however long the log is. */
const MOST_ROWS = 2_000;
/** What comes between two frames, at most; beyond it the newest are read anew. */
const MOST_INCOMING = 1_000;
const RETRY_MS = [500, 1_000, 2_000, 5_000] as const;

export interface EventLogOptions {
  readonly source: EventSource;
  readonly filter: EventFilter;
  /** What of the matching events is listed. */
  readonly keep: (event: ListedEvent) => boolean;
  readonly begin: Begin;
  readonly soon?: typeof createSoon;
}

/** A list of events that grows at both ends as it is read, live at the newest; what it holds in memory is bounded. */
export interface EventLog {
  readonly subscribe: (listener: () => void) => () => void;
  readonly state: () => LogState;
  readonly loadOlder: () => void;
  readonly loadNewer: () => void;
  /** Begins anew at an end, or around an event unless it is there. */
  readonly go: (begin: Begin) => void;
  /** While it is held, what comes waits; afterwards it is shown. */
  readonly hold: (held: boolean) => void;
  readonly close: () => void;
}

/** Opens the list: reads its first stretch, and follows what comes after. Nothing of it goes through the cache. */
export function createEventLog({ source, filter, keep, begin, soon = createSoon }: EventLogOptions): EventLog {
  const stop = new AbortController();
  const listeners = new Set<() => void>();
  const waiting = new WaitingEvents();
  let state = NOTHING_YET;
  let stretch: Stretch<ListedEvent> = EMPTY_STRETCH;
  let incoming: ListedEvent[] = [];
  let overflowed = false;
  let held = false;
  let following = false;
  /** Rises with each beginning: what was asked for before is then of no use. */
  let beginning = 0;

  const show = (changes: Partial<LogState> = {}) => {
    if (stop.signal.aborted) return;
    state = {
      ...state,
      ...changes,
      rows: stretch.rows,
      hasOlder: stretch.hasOlder,
      hasNewer: stretch.hasNewer,
      waiting: waiting.count,
      skipped: waiting.skipped,
    };
    for (const listener of listeners) listener();
  };

  /** Reads the first stretch until there is an answer; gives the cursor that it was read at. */
  const start = async (at: Begin): Promise<string> => {
    beginning += 1;
    const mine = beginning;
    for (let attempt = 0; !stop.signal.aborted && mine === beginning; attempt += 1) {
      try {
        const first = await firstPage(source, filter, keep, at, stop.signal);
        if (mine !== beginning) return "";
        if (first === null) {
          show({ ready: true, missing: true, error: undefined });
          return "";
        }
        stretch = first.stretch;
        const newest = stretch.rows[0]?.number ?? 0;
        if (!stretch.hasNewer) waiting.dropUpTo(newest);
        if (!stretch.hasNewer && !held) {
          if (waiting.skipped === 0) stretch = withLive(stretch, waiting.events, MOST_ROWS);
          waiting.clear();
        }
        show({ ready: true, missing: false, begun: beginning, error: undefined, older: "idle", newer: "idle" });
        if (!following && filter.before == null) follow(first.read);
        return first.read.cursor;
      } catch (error) {
        if (stop.signal.aborted || mine !== beginning) return "";
        show({ error: readingError(error) });
        await delay(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] ?? 0, stop.signal).catch(() => {});
      }
    }
    return "";
  };

  const follow = ({ project, cursor }: ReadPage) => {
    following = true;
    const onEvent = (event: ListedEvent) => {
      if (!keep(event)) return;
      incoming.push(event);
      if (incoming.length > MOST_INCOMING) {
        incoming.splice(0, MOST_INCOMING / 2);
        overflowed = true;
      }
      flushSoon();
    };
    const onMissed = () => start("newest");
    source
      .follow({ project, filter, after: cursor, onEvent, onMissed, signal: stop.signal })
      .catch((error: unknown) => show({ error: readingError(error) }));
  };

  const flushSoon = soon(() => {
    const events = incoming;
    incoming = [];
    if (overflowed && !held && !stretch.hasNewer) {
      overflowed = false;
      waiting.clear();
      void start("newest");
      return;
    }
    if (!held && !stretch.hasNewer && state.ready) {
      stretch = withLive(stretch, events, MOST_ROWS);
    } else {
      const newest = stretch.rows[0]?.number ?? 0;
      const late = events.filter((event) => eventNumber(event) < newest);
      if (late.length > 0) stretch = withLive(stretch, late, MOST_ROWS);
      waiting.add(events.filter((event) => eventNumber(event) > newest));
    }
    show();
  }, stop.signal);

  /** Reads the page at one end; does nothing while one is on its way. */
  const extend = async (end: "older" | "newer") => {
    const isOlder = end === "older";
    if (!state.ready || state[end] === "loading" || !(isOlder ? stretch.hasOlder : stretch.hasNewer)) return;
    const mine = beginning;
    show({ [end]: "loading" });
    try {
      const row = isOlder ? stretch.rows.at(-1) : stretch.rows[0];
      const known = isOlder ? stretch.olderCursor : stretch.newerCursor;
      const cursor = known ?? (row ? await placeOf(source, row.event, stop.signal) : null);
      if (cursor === null) throw new Error("Its place in the list is not known any more.");
      const wanted: PageWanted = isOlder ? { last: PAGE_SIZE, before: cursor } : { first: PAGE_SIZE, after: cursor };
      const read = await source.read(wanted, filter, stop.signal);
      if (mine !== beginning || stop.signal.aborted || read === null) return;
      stretch = (isOlder ? withOlder : withNewer)(stretch, read.page, keep, MOST_ROWS);
      if (!isOlder && !stretch.hasNewer) join();
      show({ [end]: "idle" });
    } catch (error) {
      if (mine !== beginning || stop.signal.aborted) return;
      readingError(error);
      show({ [end]: "failed" });
    }
  };

  /** The stretch has reached the newest that was there: what has come meanwhile follows, unless some of it is not in memory. */
  const join = () => {
    waiting.dropUpTo(stretch.rows[0]?.number ?? 0);
    if (held) return;
    if (waiting.skipped > 0) {
      stretch = { ...stretch, hasNewer: true };
      return;
    }
    stretch = withLive(stretch, waiting.events, MOST_ROWS);
    waiting.clear();
  };

  void start(begin);
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () => state,
    loadOlder: () => void extend("older"),
    loadNewer: () => void extend("newer"),
    go(to) {
      const there = typeof to === "object" && stretch.rows.some(({ event }) => event.id === to.event);
      const atEnd =
        (to === "newest" && !stretch.hasNewer && waiting.skipped === 0) || (to === "oldest" && !stretch.hasOlder);
      if (state.ready && (there || atEnd)) return;
      void start(to);
    },
    hold(next) {
      if (held === next) return;
      held = next;
      if (held || stretch.hasNewer || waiting.count === 0) return;
      if (waiting.skipped > 0) {
        void start("newest");
        return;
      }
      join();
      show();
    },
    close: () => stop.abort(),
  };
}
