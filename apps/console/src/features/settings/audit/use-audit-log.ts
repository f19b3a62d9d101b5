"use client";
import { delay } from "@muster/client/retry.ts";
import { useCallback, useEffect, useState } from "react";
import { type CombinedError, useClient } from "urql";
import { readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { AuditFilter, AuditLogQuery as AuditLog, AuditLogQueryVariables } from "#api/generated/graphql.ts";
import { isUnauthenticated } from "#api/session.ts";
import { createSoon } from "#events/log/soon.ts";
import { installationFeed, workspaceFeed } from "#features/settings/place-feeds.ts";
import { askApi } from "#live/ask-api.ts";
import { cursorOf } from "#live/cursor-exchange.ts";
import type { FollowContext } from "#live/follow-exchange.ts";

export const AuditPageFragment = graphql(`
  fragment AuditPage on AuditConnection {
    edges {
      node {
        event {
          id
        }
        ...AuditEntry
      }
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
    searchedTo
  }
`);

const AuditQuery = graphql(`
  query AuditLog(
    $path: String!
    $all: Boolean!
    $filter: AuditFilter
    $first: Int
    $after: String
    $last: Int
    $before: String
  ) {
    project(path: $path) @skip(if: $all) {
      id
      workspace {
        id
        cursor
        auditLog(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
          ...AuditPage
        }
      }
    }
    viewer @include(if: $all) {
      cursor
    }
    auditLog(filter: $filter, first: $first, after: $after, last: $last, before: $before) @include(if: $all) {
      ...AuditPage
    }
  }
`);

const RETRY_MS = 2_000;
/** So many new entries are counted; of a log that grows by thousands a second nobody wants to know more. */
export const MOST_COUNTED = 1_000;

interface Answer {
  /** Of the question. */
  readonly key: string;
  readonly data: AuditLog;
  readonly cursor: string;
}

/**
 * A page of the audit log as it was when it was asked for, and how many entries have come since that belong on it. It is not read again by
 * itself: whoever reads a log must not have it move away, and a search may look at tens of thousands of entries each time.
 */
export function useAuditLog(variables: AuditLogQueryVariables & { readonly filter: AuditFilter }) {
  const client = useClient();
  const key = JSON.stringify(variables);
  const [answer, setAnswer] = useState<Answer>();
  const [error, setError] = useState<CombinedError>();
  const [readings, setReadings] = useState(0);
  const [fresh, setFresh] = useState<{ readonly of: Answer; readonly count: number }>();
  const read = useCallback(() => setReadings((count) => count + 1), []);

  useEffect(() => {
    const stop = new AbortController();
    void (async () => {
      for (;;) {
        const result = await askApi(client, AuditQuery, JSON.parse(key) as AuditLogQueryVariables);
        if (stop.signal.aborted) return;
        setError(result.error);
        if (result.data && !result.error) return setAnswer({ key, data: result.data, cursor: cursorOf(result) });
        if (result.error && isUnauthenticated(result.error)) return;
        await delay(RETRY_MS, stop.signal);
      }
    })().catch(() => {});
    return () => stop.abort();
  }, [client, key, readings]);

  useEffect(() => {
    if (!answer) return undefined;
    const { filter, after, before } = JSON.parse(answer.key) as AuditLogQueryVariables;
    // Nothing new comes to an older page, nor to a time that is over.
    if (after || before || filter?.before) return undefined;
    const { project, auditLog } = answer.data;
    const page = readFragment(AuditPageFragment, auditLog ?? project?.workspace.auditLog);
    if (!page) return undefined;
    // Some may have been there already when the page was read, after its cursor was taken.
    const known = new Set(page.edges.map(({ node }) => node.event.id));
    const came = new Set<string>();
    const stop = new AbortController();
    const show = createSoon(() => setFresh({ of: answer, count: came.size }), stop.signal);
    const { document, variables: place } = project
      ? workspaceFeed(project.workspace.id, filter ?? {})
      : installationFeed(filter ?? {});
    const context: FollowContext = {
      onResync: () => {
        read();
        // The answer to come has a feed of its own.
        return new Promise(() => {});
      },
    };
    const following = client
      .subscription(document, { ...place, after: answer.cursor }, context as object)
      .subscribe(({ data }) => {
        if (!data) return;
        const { event } = Object.values(data)[0] as { readonly event: { readonly id: string } };
        if (known.has(event.id)) return;
        came.add(event.id);
        show();
        if (came.size >= MOST_COUNTED) queueMicrotask(() => following.unsubscribe());
      });
    return () => {
      stop.abort();
      following.unsubscribe();
    };
  }, [client, answer, read]);

  return {
    /** The last answer, also to another question than is asked now. */
    data: answer?.data,
    settled: answer?.key === key,
    error,
    fresh: fresh !== undefined && fresh.of === answer ? fresh.count : 0,
    read,
  };
}
