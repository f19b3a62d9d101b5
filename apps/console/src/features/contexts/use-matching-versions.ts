"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { type CombinedError, useClient } from "urql";
import type { FragmentType } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { VersionRowFragment } from "#features/contexts/version-row.tsx";
import type { VersionsQuery } from "#features/contexts/versions-filter.ts";

const Matching = graphql(`
  query MatchingVersions($id: ID!, $first: Int!, $after: String, $filter: ContextVersionFilter, $heldOnly: Boolean) {
    node(id: $id) {
      __typename
      id
      ... on Context {
        versions(first: $first, after: $after, filter: $filter, heldOnly: $heldOnly) {
          totalCount
          totalIsCapped
          edges {
            node {
              id
              number
              ...VersionRow
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
        }
      }
    }
  }
`);

const PAGE = 50;
const MOST_AT_ONCE = 200;

export interface Matching {
  readonly rows: readonly { readonly number: number; readonly row: FragmentType<typeof VersionRowFragment> }[];
  readonly total: number;
  readonly totalIsCapped: boolean;
  readonly endCursor: string | null;
}

/** The versions that match a filter, page by page as the reader scrolls; read again when `changed` changes. */
export function useMatchingVersions(id: string, query: VersionsQuery | null, changed: string) {
  const client = useClient();
  const key = query && JSON.stringify(query);
  const [found, setFound] = useState<{ key: string | null; value: Matching | null }>({ key, value: null });
  const [error, setError] = useState<CombinedError>();
  const busy = useRef(false);
  const value = found.key === key ? found.value : null;
  const latest = useRef({ query, value });
  latest.current = { query, value };

  const read = useCallback(
    async (first: number, after: string | null, signal?: AbortSignal) => {
      const asked = latest.current.query;
      if (asked === null) return;
      busy.current = true;
      const result = await client
        .query(Matching, { id, first, after, ...asked }, { requestPolicy: "network-only" })
        .toPromise();
      busy.current = false;
      if (signal?.aborted) return;
      setError(result.error);
      if (result.data?.node?.__typename !== "Context") return;
      const { edges, totalCount, totalIsCapped, pageInfo } = result.data.node.versions;
      const rows = edges.map(({ node }) => ({ number: node.number, row: node }));
      setFound((before) => ({
        key: JSON.stringify(asked),
        value: {
          rows: after === null || before.value === null ? rows : [...before.value.rows, ...rows],
          total: totalCount,
          totalIsCapped,
          endCursor: pageInfo.hasNextPage ? pageInfo.endCursor : null,
        },
      }));
    },
    [client, id],
  );
  useEffect(() => {
    if (key === null) return undefined;
    const stop = new AbortController();
    const shown = latest.current.value?.rows.length ?? PAGE;
    void read(Math.min(Math.max(shown, PAGE), MOST_AT_ONCE), null, stop.signal);
    return () => stop.abort();
  }, [key, changed, read]);

  const more = useCallback(() => {
    const after = latest.current.value?.endCursor;
    if (after && !busy.current) void read(PAGE, after);
  }, [read]);
  return { matching: value, error, more };
}
