"use client";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import type { EventOf } from "@muster/client/frames.ts";
import { delay } from "@muster/client/retry.ts";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type AnyVariables, type CombinedError, useClient, useQuery } from "urql";
import { isUnauthenticated } from "#api/session.ts";
import { askApi } from "#live/ask-api.ts";
import { cursorOf } from "#live/cursor-exchange.ts";
import type { FollowContext } from "#live/follow-exchange.ts";

export interface LiveQueryOptions<Data, Variables extends AnyVariables, FeedData, FeedVariables> {
  /** Selects the cursor of its project, its workspace or the viewer, so that the feed continues exactly where the answer was read. */
  readonly query: TypedDocumentNode<Data, Variables>;
  readonly variables: Variables;
  /** What to follow after that answer; null when it holds nothing to follow. Must not depend on anything else. */
  readonly feed: (data: Data) => Feed<FeedData, FeedVariables> | null;
  /** Whether an event changes what only the query can tell: counts, or which rows there are. Read again at most each second. */
  readonly rereadOn?: (event: EventOf<FeedData>) => boolean;
  /** Told of each event. */
  readonly onEvent?: (event: EventOf<FeedData>) => void;
  /** False when only the data matter, not the events: then the page is not drawn anew for each of them. */
  readonly keepsEvents?: boolean;
}

export interface Feed<FeedData, FeedVariables> {
  readonly document: TypedDocumentNode<FeedData, FeedVariables>;
  readonly variables: Omit<FeedVariables, "after">;
}

export interface LiveQuery<Data, Event> {
  /** Undefined until the first answer. Kept up to date by the feed, through the cache. */
  readonly data: Data | undefined;
  /** The feed's events since `data` was read from the API, oldest first; some may be in `data` as well. */
  readonly events: readonly Event[];
  /** How many answers the API has given to this query: it rises with each reading. */
  readonly readings: number;
  /** Where the feed began: `data` is not older. Undefined until the first answer, and without a feed. */
  readonly cursor: string | undefined;
  /** Why there is no answer; asking goes on by itself. */
  readonly error: CombinedError | undefined;
  /** Reads again, as after an event that `rereadOn` is about. */
  readonly reread: () => void;
}

const REREAD_EVERY_MS = 1_000;
const RETRY_MS = [500, 1_000, 2_000, 5_000] as const;
/** Beyond this the page is read anew instead of being added to. */
const MOST_EVENTS = 1_000;

/**
 * Reads once, then follows: every event after the answer arrives once, also after the connection was lost or the server
 * restarted, and updates whatever the cache shows. There is no polling.
 */
export function useLiveQuery<Data, Variables extends AnyVariables, FeedData, FeedVariables>(
  options: LiveQueryOptions<Data, Variables, FeedData, FeedVariables>,
): LiveQuery<Data, EventOf<FeedData>> {
  type Event = EventOf<FeedData>;
  interface Following {
    readonly feed: Feed<FeedData, FeedVariables> & { readonly cursor: string };
    readonly events: readonly Event[];
  }
  const client = useClient();
  const latest = useRef(options);
  latest.current = options;
  const key = JSON.stringify(options.variables);
  const [following, setFollowing] = useState<{ key: string; value: Following | null }>({ key, value: null });
  const [error, setError] = useState<CombinedError>();
  const [readings, setReadings] = useState(0);
  const again = useRef(() => {});
  const reread = useCallback(() => again.current(), []);

  const [{ data }] = useQuery({
    query: options.query,
    variables: options.variables,
    requestPolicy: "cache-only",
  });
  // A later read that fails answers this query too, without data: what was known stays.
  const known = useRef<{ readonly key: string; readonly data: Data } | null>(null);
  if (data) known.current = { key, data };
  const shown = known.current?.key === key ? known.current.data : undefined;

  /** Reads from the API until there is an answer; `anew` also begins to follow at that answer. */
  const read = useCallback(
    async (signal: AbortSignal, anew: boolean): Promise<string> => {
      for (let attempt = 0; ; attempt += 1) {
        const { query, variables, feed } = latest.current;
        const result = await askApi(client, query, variables);
        if (signal.aborted) return "";
        // Null: the cache could not put the answer together, because something was invalidated meanwhile.
        if (!result.error && result.data) {
          setError(undefined);
          setReadings((count) => count + 1);
          const described = feed(result.data);
          const next = described && { ...described, cursor: cursorOf(result) };
          setFollowing((current) => {
            const same = current.key === key && current.value && next && sameFeed(current.value.feed, next);
            return same && !anew ? current : { key, value: next && { feed: next, events: [] } };
          });
          return next?.cursor ?? "";
        }
        setError(result.error);
        if (result.error && isUnauthenticated(result.error)) return "";
        await delay(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] ?? 0, signal).catch(() => {});
        if (signal.aborted) return "";
      }
    },
    [client, key],
  );

  useEffect(() => {
    const stop = new AbortController();
    void read(stop.signal, true);
    return () => stop.abort();
  }, [read]);

  const feed = following.key === key ? following.value?.feed : undefined;
  useEffect(() => {
    if (!feed) return undefined;
    const stop = new AbortController();
    again.current = throttle(() => void read(stop.signal, false), REREAD_EVERY_MS, stop.signal);
    const context: FollowContext = { onResync: () => read(stop.signal, true) };
    const { unsubscribe } = client
      .subscription(feed.document, { ...feed.variables, after: feed.cursor } as never, context as object)
      .subscribe((result) => {
        if (result.error) setError(result.error);
        if (!result.data) return;
        const { event } = Object.values(result.data as Record<string, { event: Event }>)[0] as { event: Event };
        const { keepsEvents = true, rereadOn, onEvent } = latest.current;
        onEvent?.(event);
        setFollowing((current) =>
          keepsEvents && current.value?.feed === feed
            ? { key: current.key, value: { feed, events: [...current.value.events, event] } }
            : current,
        );
        if (rereadOn?.(event)) again.current();
      });
    return () => {
      stop.abort();
      unsubscribe();
    };
  }, [client, feed, read]);

  const events = following.key === key ? following.value?.events : undefined;
  const full = (events?.length ?? 0) >= MOST_EVENTS;
  useEffect(() => {
    if (!full) return undefined;
    const stop = new AbortController();
    void read(stop.signal, true);
    return () => stop.abort();
  }, [full, read]);

  const cursor = feed?.cursor;
  return useMemo(
    () => ({ data: shown, events: events ?? [], cursor, readings, error, reread }),
    [shown, events, cursor, readings, error, reread],
  );
}

interface AnyFeed {
  readonly document: unknown;
  readonly variables: unknown;
}

function sameFeed(one: AnyFeed, other: AnyFeed): boolean {
  return one.document === other.document && JSON.stringify(one.variables) === JSON.stringify(other.variables);
}

/** Calls `work` at once, then at most every `everyMs` while it keeps being asked for; the last request always counts. */
function throttle(work: () => void, everyMs: number, signal: AbortSignal): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastAt = -Infinity;
  signal.addEventListener("abort", () => clearTimeout(timer));
  return () => {
    if (timer !== undefined || signal.aborted) return;
    const wait = Math.max(0, lastAt + everyMs - performance.now());
    timer = setTimeout(() => {
      timer = undefined;
      lastAt = performance.now();
      work();
    }, wait);
  };
}
