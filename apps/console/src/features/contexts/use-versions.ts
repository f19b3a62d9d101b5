"use client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type Client, useClient } from "urql";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { OlderVersionsQueryVariables, VersionEdgeFragment as Edge } from "#api/generated/graphql.ts";

export const VersionListFragment = graphql(`
  fragment VersionList on Context {
    id
    currentVersion
    versions(first: 50) {
      edges {
        ...VersionEdge
      }
    }
  }
`);

const VersionEdgeFragment = graphql(`
  fragment VersionEdge on ContextVersionEdge {
    cursor
    node {
      id
      number
      ...VersionRow
    }
  }
`);

const OlderVersions = graphql(`
  query OlderVersions($id: ID!, $first: Int!, $after: String!) {
    node(id: $id) {
      __typename
      id
      ... on Context {
        versions(first: $first, after: $after) {
          edges {
            ...VersionEdge
          }
        }
      }
    }
  }
`);

const PAGE = 50;
const MOST_AT_ONCE = 200;

/** A context's versions, the newest first: the newest ones live, older ones as they are asked for. */
export function useVersions(masked: FragmentType<typeof VersionListFragment>, lastHold: string | null) {
  const client = useClient();
  const { id, versions } = readFragment(VersionListFragment, masked);
  const [older, setOlder] = useState<ReadonlyMap<number, Edge>>(new Map());
  const [loading, setLoading] = useState<"idle" | "loading" | "failed">("idle");
  const work = useRef(Promise.resolve());

  const newest = useMemo(() => readFragment(VersionEdgeFragment, versions.edges), [versions.edges]);
  const all = useMemo(() => {
    const byNumber = new Map(older);
    for (const edge of newest) byNumber.set(edge.node.number, edge);
    return [...byNumber.values()].sort((one, other) => other.node.number - one.node.number);
  }, [older, newest]);

  /** Reads on after a cursor: so many versions, in as many pages as it takes; one after the other. */
  const read = useCallback(
    (after: string, count: number) => {
      setLoading("loading");
      work.current = work.current.then(async () => {
        for (let [cursor, left] = [after, count]; left > 0; left -= MOST_AT_ONCE) {
          const edges = await olderThan(client, { id, first: Math.min(left, MOST_AT_ONCE), after: cursor });
          if (edges === null) return setLoading("failed");
          setOlder((current) => new Map([...current, ...edges.map((edge) => [edge.node.number, edge] as const)]));
          cursor = edges.at(-1)?.cursor ?? cursor;
        }
        setLoading("idle");
      });
    },
    [client, id],
  );

  // New versions push the last of the newest ones out: what lies between those and the older ones is read.
  const lowest = newest.at(-1);
  const below = all.find(({ node }) => lowest !== undefined && node.number < lowest.node.number)?.node.number;
  const missing = lowest === undefined || below === undefined ? 0 : lowest.node.number - 1 - below;
  useEffect(() => {
    if (missing > 0 && lowest && loading === "idle") read(lowest.cursor, missing);
  }, [missing, lowest, loading, read]);

  // A rollback holds versions that are long in the list.
  const end = all.at(-1);
  const refresh = useRef(() => {});
  refresh.current = () => {
    if (older.size > 0 && lowest && end) read(lowest.cursor, lowest.node.number - end.node.number);
  };
  useEffect(() => {
    if (lastHold !== null) refresh.current();
  }, [lastHold]);

  return {
    versions: all.map(({ node }) => node),
    complete: end === undefined || end.node.number === 1,
    loading,
    loadMore: () => {
      if (missing > 0 && lowest) read(lowest.cursor, missing);
      else if (end && end.node.number > 1) read(end.cursor, PAGE);
    },
  };
}

async function olderThan(client: Client, variables: OlderVersionsQueryVariables): Promise<readonly Edge[] | null> {
  const { data } = await client.query(OlderVersions, variables, { requestPolicy: "network-only" }).toPromise();
  return data?.node?.__typename === "Context" ? readFragment(VersionEdgeFragment, data.node.versions.edges) : null;
}
