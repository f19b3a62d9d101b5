"use client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useClient, useQuery } from "urql";
import { type FragmentType, readFragment } from "#api/generated/fragment-masking.ts";
import { graphql } from "#api/generated/gql.ts";
import type { VersionRowFragment } from "#features/contexts/version-row.tsx";
import { isTampered } from "#features/contexts/version-errors.ts";

/** The beginning of the list, asked for beside the context: one that was tampered with hides neither. */
export const FirstVersionsQuery = graphql(`
  query FirstVersions($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Context {
        versions(first: 30) {
          edges {
            node {
              id
              number
              ...VersionRow
            }
          }
        }
      }
    }
  }
`);

/** The newest few, which come with every event. */
export const NewestVersionsFragment = graphql(`
  fragment NewestVersions on Context {
    id
    newest: versions(first: 5) {
      edges {
        node {
          id
          number
          ...VersionRow
        }
      }
    }
  }
`);

const SomeVersions = graphql(`
  query SomeVersions($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
      ... on ContextVersion {
        number
        ...VersionRow
      }
    }
  }
`);

/** So many are read at once. */
const PAGE = 50;
/** Not those that a reader only flies over. */
const PAUSE_MS = 40;
const NONE: readonly never[] = [];

type Row = FragmentType<typeof VersionRowFragment>;
/** "tampered": somebody changed its record in the database. "failed": it could not be read. */
export type VersionRowState = Row | "tampered" | "failed";

interface VersionsOptions {
  readonly context: FragmentType<typeof NewestVersionsFragment>;
  readonly current: number;
  /** Changes whenever older versions look otherwise. */
  readonly lastChange: string | null;
}

/**
 * All versions of a context by their numbers, which have no gaps: those that are looked at are read, wherever they are in the
 * list, and stay up to date.
 */
export function useVersions({ context, current, lastChange }: VersionsOptions) {
  const client = useClient();
  const { id, newest } = readFragment(NewestVersionsFragment, context);
  const [{ data }] = useQuery({ query: FirstVersionsQuery, variables: { id }, requestPolicy: "cache-first" });
  const first = data?.node?.__typename === "Context" ? data.node.versions.edges : NONE;
  const [read, setRead] = useState<ReadonlyMap<number, VersionRowState>>(new Map());
  const asked = useRef(new Set<number>());
  const ends = useRef<(() => void)[]>([]);

  const rows = useMemo(() => {
    const all = new Map(read);
    for (const { node } of [...first, ...newest.edges]) all.set(node.number, node);
    return all;
  }, [read, first, newest]);
  const known = useRef(rows);
  known.current = rows;

  const ask = useCallback(
    (all: readonly number[]) => {
      const put = (entries: readonly (readonly [number, VersionRowState])[]) =>
        setRead((before) => new Map([...before, ...entries]));
      const readRows = (numbers: readonly number[]) => {
        const { unsubscribe } = client
          .query(SomeVersions, { ids: numbers.map((number) => `${id}@${number}`) }, { requestPolicy: "network-only" })
          .subscribe(({ data: found, error }) => {
            if (found) {
              put(found.nodes.flatMap((node) => (node?.__typename === "ContextVersion" ? [[node.number, node]] : [])));
            } else if (error && numbers.length > 1 && isTampered(error)) {
              // One that was tampered with hides the others of its page.
              const middle = numbers.length >> 1;
              readRows(numbers.slice(0, middle));
              readRows(numbers.slice(middle));
            } else if (error) {
              for (const number of numbers) asked.current.delete(number);
              put(numbers.map((number) => [number, isTampered(error) ? "tampered" : "failed"]));
            }
          });
        ends.current.push(unsubscribe);
      };
      readRows(all);
    },
    [client, id],
  );

  const range = useRef<readonly [from: number, to: number]>([0, -1]);
  const wanted = useCallback(() => {
    const [from, to] = range.current;
    const missing: number[] = [];
    for (let number = from; number <= to; number += 1) {
      if (known.current.has(number) || asked.current.has(number)) continue;
      asked.current.add(number);
      missing.push(number);
    }
    for (let at = 0; at < missing.length; at += PAGE) ask(missing.slice(at, at + PAGE));
  }, [ask]);

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** Says which numbers are looked at. */
  const look = useCallback(
    (lowest: number, highest: number) => {
      // Whole pages, so that scrolling on finds some there already.
      const from = Math.max(1, lowest - ((lowest - 1) % PAGE));
      range.current = [from, Math.min(current, highest + PAGE - 1 - ((highest - 1) % PAGE))];
      clearTimeout(timer.current);
      timer.current = setTimeout(wanted, PAUSE_MS);
    },
    [current, wanted],
  );

  const forget = useCallback(() => {
    for (const end of ends.current.splice(0)) end();
    asked.current.clear();
  }, []);
  // What is seen is read again, and stays on the screen until it is there; all else when it is looked at.
  useEffect(() => {
    if (lastChange === null) return;
    forget();
    const [from, to] = range.current;
    const seen = new Map([...known.current].filter(([number]) => number >= from && number <= to));
    setRead(seen);
    const numbers = [...seen.keys()];
    for (const number of numbers) asked.current.add(number);
    for (let at = 0; at < numbers.length; at += PAGE) ask(numbers.slice(at, at + PAGE));
  }, [lastChange, forget, ask]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      forget();
    },
    [forget],
  );
  return { rows, look };
}
