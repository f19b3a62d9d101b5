"use client";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import type { EventOf } from "@muster/client/frames.ts";
import { delay } from "@muster/client/retry.ts";
import { useCallback, useLayoutEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { type AnyVariables, type Client, useClient } from "urql";
import { askApi } from "#live/ask-api.ts";
import type { Sight } from "#live/list-pages.ts";
import { ListReader, type LoadedRows, PAGE, type PageAnswer, type PageSource } from "#live/list-reader.ts";
import { type LiveQuery, type LiveQueryOptions, useLiveQuery } from "#live/use-live-query.ts";
import { useLatest } from "#components/use-latest.ts";

const RETRY_MS = 1_000;

/** A page of a list, as its query selects it. */
export interface Connection<Row> {
  readonly totalCount: number;
  readonly totalIsCapped: boolean;
  readonly edges: readonly { readonly node: Row }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** The variables that the list gives itself; `head` is true for the first page, which brings what belongs to the whole list. */
interface PageVariables {
  readonly first: number;
  readonly after?: string | null | undefined;
  readonly head: boolean;
}

export interface LiveListOptions<Data, Variables extends AnyVariables, FeedData, FeedVariables, Row> extends Omit<
  LiveQueryOptions<Data, Variables, FeedData, FeedVariables>,
  "variables"
> {
  readonly variables: Omit<Variables, keyof PageVariables>;
  /** The list in an answer. Must not depend on anything else. */
  readonly connection: (data: Data) => Connection<Row> | null | undefined;
  /** Of the events that `rereadOn` is about, those after which rows may have come, gone or moved: all, without it. */
  readonly movesRows?: (event: EventOf<FeedData>) => boolean;
}

/** A list as a table shows it. */
export interface RowList<Row> {
  /** Those that are loaded, from the first one on, kept up to date. */
  readonly rows: readonly Row[];
  /** How many there are; rows that are not loaded yet are among them. */
  readonly total: number;
  /** True when there are more than `total` says. */
  readonly totalIsCapped: boolean;
  /** Changes when it became another list: another filter, another order. */
  readonly key: string;
  /** Says which rows are seen: what is missing there is loaded, what is outdated read anew. */
  readonly show: (sight: Sight) => void;
  /** Somebody points at rows: for a moment none of them moves away. */
  readonly hold: () => void;
}

export interface LiveList<Data, Row> extends Pick<LiveQuery<Data, unknown>, "data" | "error" | "cursor"> {
  readonly list: RowList<Row>;
  /** False while what is shown is still the answer to the question before. */
  readonly settled: boolean;
  /** Reads again, as after an event after which rows may have gone. */
  readonly reread: () => void;
}

/**
 * A list of any length: read page by page as it is scrolled, rows kept up to date by the feed through the cache. When
 * `rereadOn` says that rows may have come or gone, the first page and those in sight are read again, in a chain.
 */
export function useLiveList<Data, Variables extends AnyVariables, FeedData, FeedVariables, Row extends { id: string }>(
  options: LiveListOptions<Data, Variables, FeedData, FeedVariables, Row>,
): LiveList<Data, Row> {
  const { connection, variables, query, feed, rereadOn, movesRows } = options;
  const client = useClient();
  const key = JSON.stringify(variables);
  const at = (page: PageVariables) => ({ ...variables, ...page }) as unknown as Variables;
  /** What the next reading was asked for. */
  const reason = useRef<"counts" | "rows" | null>(null);
  const live = useLiveQuery({
    query,
    feed,
    rereadOn: (event) => {
      if (!rereadOn?.(event)) return false;
      if (movesRows?.(event) !== false) reason.current = "rows";
      reason.current ??= "counts";
      return true;
    },
    variables: at({ first: PAGE, after: null, head: true }),
    keepsEvents: false,
  });
  const latest = useRef({ at, connection });
  latest.current = { at, connection };
  const reader = useMemo(() => {
    const { at: variablesAt, connection: within } = latest.current;
    return new ListReader<Row>(
      pageSource(
        client,
        query,
        (page) => variablesAt({ ...page, head: false }),
        (data) => {
          const found = within(data);
          return found ? pageOf(found) : null;
        },
      ),
    );
    // A reader belongs to one question: another one begins when the variables change.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [client, query, key]);
  useLayoutEffect(() => {
    reader.start();
    return () => reader.stop();
  }, [reader]);
  const { data, readings, reread: readAgain } = live;
  const reread = useCallback(() => {
    reason.current = "rows";
    readAgain();
  }, [readAgain]);
  const known = useRef(0);
  useLayoutEffect(() => {
    const found = data && latest.current.connection(data);
    if (!found) return;
    // A reading that no event asked for follows a lost connection: rows may have come and gone meanwhile.
    const outdated = readings !== known.current && reason.current !== "counts";
    if (readings !== known.current) reason.current = null;
    known.current = readings;
    reader.update(pageOf(found), outdated);
  }, [reader, data, readings]);
  const loaded = useSyncExternalStore(reader.subscribe, reader.loaded, () => NOTHING as LoadedRows<Row>);

  const found = data && connection(data);
  const settled = data !== undefined && (!found || loaded !== reader.nothing);
  const current = useMemo(
    () => ({ data, rows: loaded.rows, key, reader, ...countOf(data && latest.current.connection(data), loaded) }),
    [data, loaded, key, reader],
  );
  const shown = useLatest(current, settled || live.error !== undefined);
  const list = useMemo(() => {
    const { rows, total, totalIsCapped, key: shownKey, reader: of } = shown;
    return { rows, total, totalIsCapped, key: shownKey, show: of.show, hold: of.hold };
  }, [shown]);
  return { data: shown.data, list, settled, error: live.error, cursor: live.cursor, reread };
}

const NOTHING: LoadedRows<never> = { rows: [], more: false };

/** The number of rows: what the API counted, as far as what is loaded does not tell it better. */
function countOf(found: Connection<unknown> | null | undefined, { rows, more }: LoadedRows<unknown>) {
  if (!more) return { total: rows.length, totalIsCapped: false };
  const counted = found?.totalCount ?? 0;
  return { total: Math.max(counted, rows.length + 1), totalIsCapped: found?.totalIsCapped ?? false };
}

function pageOf<Row>({ edges, pageInfo }: Connection<Row>): PageAnswer<Row> {
  return { rows: edges.map(({ node }) => node), end: pageInfo.endCursor, more: pageInfo.hasNextPage };
}

/** Pages from the API, through the cache, which then tells of what changes. */
function pageSource<Data, Variables extends AnyVariables, Row>(
  client: Client,
  query: TypedDocumentNode<Data, Variables>,
  variables: (page: { readonly first: number; readonly after: string | null }) => Variables,
  pageIn: (data: Data) => PageAnswer<Row> | null,
): PageSource<Row> {
  return {
    read: async ({ after, size }, signal) => {
      while (!signal.aborted) {
        const { data, error } = await askApi(client, query, variables({ first: size, after }));
        if (!error && data) return pageIn(data) ?? { rows: [], end: null, more: false };
        await delay(RETRY_MS, signal).catch(() => {});
      }
      return null;
    },
    watch: ({ after, size }, onRows) =>
      client.query(query, variables({ first: size, after }), { requestPolicy: "cache-only" }).subscribe(({ data }) => {
        const page = data && pageIn(data);
        if (page) onRows(page.rows);
      }).unsubscribe,
  };
}
