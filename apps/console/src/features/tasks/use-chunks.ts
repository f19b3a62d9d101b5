"use client";
import { followChunks, type TaskChunk } from "@muster/client/tasks.ts";
import { useCallback, useEffect, useRef, useState } from "react";
import { useClient } from "urql";
import { useMuster } from "#api/api-provider.tsx";
import { graphql } from "#api/generated/gql.ts";
import { type Chunk, chunkOf } from "#features/tasks/chunk-text.ts";

const ChunksQuery = graphql(`
  query TaskChunks($task: ID!, $last: Int!, $before: String) {
    node(id: $task) {
      __typename
      id
      ... on Task {
        chunks(last: $last, before: $before) {
          edges {
            node {
              number
              attempt
              chunk
              at
            }
          }
          pageInfo {
            hasPreviousPage
            startCursor
          }
        }
      }
    }
  }
`);

const PAGE = 200;

interface Chunks {
  readonly chunks: readonly Chunk[];
  /** Whether there are earlier ones. */
  readonly hasEarlier: boolean;
  readonly loading: boolean;
  /** Loads the page before the first one. */
  readonly loadEarlier: () => void;
}

/** The last chunks of a task, then each as it comes. What comes within a frame is shown together. */
export function useChunks(task: string): Chunks {
  const client = useClient();
  const muster = useMuster();
  const [chunks, setChunks] = useState<readonly Chunk[]>([]);
  const [earlier, setEarlier] = useState<string | null>(null);
  const [loading, setLoading] = useState(true);
  const asking = useRef(false);

  const read = useCallback(
    async (before: string | null) => {
      // Not kept by the cache: there may be ten thousand, and none of them changes.
      const { data } = await client
        .query(ChunksQuery, { task, last: PAGE, before }, { requestPolicy: "network-only" })
        .toPromise();
      if (data?.node?.__typename !== "Task") return null;
      const { edges, pageInfo } = data.node.chunks;
      setEarlier(pageInfo.hasPreviousPage ? pageInfo.startCursor : null);
      return edges.map(({ node: { at, ...chunk } }) => chunkOf({ ...chunk, at: new Date(at) }));
    },
    [client, task],
  );

  useEffect(() => {
    const stop = new AbortController();
    let waiting: TaskChunk[] = [];
    let frame = 0;
    const show = () => {
      frame = 0;
      const come = waiting.map(chunkOf);
      waiting = [];
      setChunks((known) => [...known, ...come]);
    };
    void (async () => {
      const page = await read(null);
      if (stop.signal.aborted) return;
      setLoading(false);
      setChunks(page ?? []);
      for await (const chunk of followChunks(muster, task, {
        after: page?.at(-1)?.number ?? 0,
        signal: stop.signal,
      })) {
        waiting.push(chunk);
        frame ||= requestAnimationFrame(show);
      }
    })().catch(() => {});
    return () => {
      stop.abort();
      cancelAnimationFrame(frame);
    };
  }, [muster, read, task]);

  const loadEarlier = useCallback(() => {
    if (earlier === null || asking.current) return;
    asking.current = true;
    void read(earlier)
      .then((page) => {
        if (page)
          setChunks((known) => [...page.filter(({ number }) => number < (known[0]?.number ?? Infinity)), ...known]);
      })
      .finally(() => {
        asking.current = false;
      });
  }, [earlier, read]);

  return { chunks, hasEarlier: earlier !== null, loading, loadEarlier };
}
