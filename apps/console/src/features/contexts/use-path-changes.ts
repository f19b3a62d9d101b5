"use client";
import { useCallback, useEffect, useState } from "react";
import { type CombinedError, useClient } from "urql";
import { graphql } from "#api/generated/gql.ts";
import type { PathChangesQuery } from "#api/generated/graphql.ts";

const ChangesQuery = graphql(`
  query PathChanges($id: ID!, $pointer: String!, $first: Int!, $after: String) {
    node(id: $id) {
      __typename
      id
      ... on Context {
        changesOf(pointer: $pointer, first: $first, after: $after) {
          nodes {
            kind
            before
            after
            beforePruned
            version {
              id
              number
              message
              createdAt
              rolledBackTo
              author {
                id
                kind
                name
              }
            }
          }
          examined
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

type Page = Extract<NonNullable<PathChangesQuery["node"]>, { __typename: "Context" }>["changesOf"];
export type PathChange = Page["nodes"][number];

interface Found {
  readonly key: string;
  readonly changes: readonly PathChange[];
  /** How many versions have been looked at. */
  readonly examined: number;
  readonly endCursor: string | null;
  readonly complete: boolean;
}

const PAGE = 25;

/** Who changed a path, the newest change first; read anew when there is another version. */
export function usePathChanges(id: string, pointer: string, newest: number) {
  const client = useClient();
  const [found, setFound] = useState<Found | null>(null);
  const [error, setError] = useState<CombinedError>();
  const [busy, setBusy] = useState(false);
  const key = `${id} ${pointer}`;
  const read = useCallback(
    async (after: string | null, signal?: AbortSignal) => {
      setBusy(true);
      const result = await client
        .query(ChangesQuery, { id, pointer, first: PAGE, after }, { requestPolicy: "network-only" })
        .toPromise();
      if (signal?.aborted) return;
      setBusy(false);
      setError(result.error);
      if (result.data?.node?.__typename !== "Context") return;
      const { nodes, examined, endCursor, hasNextPage } = result.data.node.changesOf;
      setFound((before) => ({
        key,
        changes: after === null || before === null ? nodes : [...before.changes, ...nodes],
        examined: examined + (after === null || before === null ? 0 : before.examined),
        endCursor,
        complete: !hasNextPage,
      }));
    },
    [client, id, pointer, key],
  );
  useEffect(() => {
    const stop = new AbortController();
    void read(null, stop.signal);
    return () => stop.abort();
  }, [read, newest]);
  const shown = found?.key === key ? found : null;
  return { found: shown, error, busy, more: () => shown?.endCursor && !busy && void read(shown.endCursor) };
}
