"use client";
import { useEffect, useMemo, useRef, useState } from "react";
import { useClient } from "urql";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { LastVersionFragment as Shown } from "#api/generated/graphql.ts";
import { isTampered } from "#features/contexts/version-errors.ts";
import type { RowList } from "#live/use-live-list.ts";

export const LastVersionFragment = graphql(`
  fragment LastVersion on Context {
    id
    last: versions(first: 1) {
      edges {
        node {
          id
          createdAt
          message
          author {
            name
          }
        }
      }
    }
  }
`);

const DetailsQuery = graphql(`
  query ContextDetails($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
      ... on Context {
        readers {
          wouldConfirm
        }
        ...LastVersion
      }
    }
  }
`);

export interface ContextDetails {
  readonly last: Shown["last"]["edges"][number]["node"] | null;
  readonly readers: number;
}
/** "tampered": the newest version was changed in the database. */
export type DetailsState = ContextDetails | "tampered";

/** Not those that a reader only flies over. */
const PAUSE_MS = 60;

/**
 * What takes longer to read of a context, for the rows in sight: who uses it, and what was written last. Apart from the list, so
 * that a context which somebody has changed in the database does not hide the others.
 */
export function useContextDetails<Row extends { readonly id: string }>(list: RowList<Row>) {
  const client = useClient();
  const [details, setDetails] = useState<ReadonlyMap<string, DetailsState>>(new Map());
  const asked = useRef(new Set<string>());
  const ends = useRef<(() => void)[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      for (const end of ends.current.splice(0)) end();
      asked.current.clear();
    },
    [],
  );
  const shown = useMemo((): RowList<Row> => {
    const put = (entries: readonly (readonly [string, DetailsState])[]) =>
      setDetails((before) => new Map([...before, ...entries]));
    const ask = (ids: readonly string[]) => {
      const { unsubscribe } = client
        .query(DetailsQuery, { ids: [...ids] }, { requestPolicy: "cache-and-network" })
        .subscribe(({ data, error }) => {
          if (data) {
            put(
              data.nodes.flatMap((node) => {
                if (node?.__typename !== "Context") return [];
                return [[node.id, { last: lastOf(node), readers: node.readers.length }] as const];
              }),
            );
          } else if (error && isTampered(error) && ids.length > 1) {
            const middle = ids.length >> 1;
            ask(ids.slice(0, middle));
            ask(ids.slice(middle));
          } else if (error && isTampered(error)) put(ids.map((id) => [id, "tampered"]));
          else if (error) for (const id of ids) asked.current.delete(id);
        });
      ends.current.push(unsubscribe);
    };
    return {
      ...list,
      show: (sight) => {
        list.show(sight);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => {
          const ids = list.rows
            .slice(sight.first, sight.last + 1)
            .map(({ id }) => id)
            .filter((id) => !asked.current.has(id));
          for (const id of ids) asked.current.add(id);
          if (ids.length > 0) ask(ids);
        }, PAUSE_MS);
      },
    };
  }, [client, list]);
  return { list: shown, details };
}

function lastOf(context: FragmentType<typeof LastVersionFragment>): ContextDetails["last"] {
  return readFragment(LastVersionFragment, context).last.edges[0]?.node ?? null;
}
