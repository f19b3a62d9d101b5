"use client";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { delay } from "@muster/client/retry.ts";
import { useCallback, useEffect, useRef } from "react";
import { type AnyVariables, type Client, useClient } from "urql";
import { askApi } from "#live/ask-api.ts";
import { cursorOf } from "#live/cursor-exchange.ts";
import type { FollowContext } from "#live/follow-exchange.ts";
import { inFront } from "#live/in-front.ts";
import type { Feed } from "#live/use-live-query.ts";

const EVERY_MS = 3_000;

interface RereadOptions<Data, Variables extends AnyVariables, FeedData, FeedVariables> {
  /** Selects `Project.cursor`. */
  readonly query: TypedDocumentNode<Data, Variables>;
  readonly variables: Variables;
  /**
   * Where the feed of the page's own answer began; undefined before there is one. Not what the cache says of the project: another
   * question may have been answered later, and the events between the two would be missed.
   */
  readonly cursor: string | undefined;
  /** What tells that something has happened; null: nothing can. */
  readonly feed: Feed<FeedData, FeedVariables> | null;
  readonly everyMs?: number;
}

/**
 * Reads a query again when something has happened, at most every few seconds and only while the page is in front: for numbers
 * that more events change than a page can follow, such as how deep a queue is. It listens until the first event after the
 * last answer, leaves the feed, waits, reads, and listens again; so a quiet project costs nothing, and a busy one no more than
 * a reading each time. Gives what reads at once.
 */
export function useRereadAfter<Data, Variables extends AnyVariables, FeedData, FeedVariables>(
  options: RereadOptions<Data, Variables, FeedData, FeedVariables>,
): () => void {
  const { query, cursor, feed, everyMs = EVERY_MS } = options;
  const client = useClient();
  const latest = useRef(options);
  latest.current = options;
  const read = useCallback(() => askApi(client, query, latest.current.variables), [client, query]);
  const key = JSON.stringify(options.variables);
  const followed = feed && JSON.stringify(feed.variables);
  useEffect(() => {
    if (cursor === undefined || followed === null) return undefined;
    const stop = new AbortController();
    void (async () => {
      let after = cursor;
      for (;;) {
        const { feed: listened } = latest.current;
        if (listened === null) return;
        await firstEvent(client, listened, after, stop.signal);
        await delay(everyMs, stop.signal);
        await inFront(stop.signal);
        const answer = await read();
        if (!answer.error) after = cursorOf(answer);
      }
    })().catch(() => {});
    return () => stop.abort();
  }, [client, read, key, cursor, followed, everyMs]);
  return useCallback(() => void read(), [read]);
}

/** Resolves once the feed has had an event after the cursor, and has left it. */
function firstEvent<FeedData, FeedVariables>(
  client: Client,
  { document, variables }: Feed<FeedData, FeedVariables>,
  after: string,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const context: FollowContext = {
    onResync: async () => {
      resolve();
      return after;
    },
  };
  const { unsubscribe } = client
    .subscription(document, { ...variables, after } as never, context as object)
    .subscribe(({ data }) => data && resolve());
  const stopped = () => reject(signal.reason as Error);
  signal.addEventListener("abort", stopped, { once: true });
  return promise.finally(() => {
    signal.removeEventListener("abort", stopped);
    unsubscribe();
  });
}
