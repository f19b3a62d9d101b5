"use client";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { delay } from "@muster/client/retry.ts";
import { useCallback, useEffect, useRef } from "react";
import { type AnyVariables, useClient } from "urql";
import { inFront } from "#live/in-front.ts";

const READ_EVERY_MS = 3_000;

/**
 * Reads a query again every few seconds while the page is in front, and at once when it comes to the front: for what is
 * in no feed. Deliveries of webhooks are no events, and people, keys and the audit log belong to no project. A reading
 * waits for the one before, and one that fails is only followed by the next: the page itself says when there is no server.
 * What it gives reads now, for what this page has done itself.
 */
export function useReading<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  wanted = true,
): () => void {
  const client = useClient();
  const latest = useRef(variables);
  latest.current = variables;
  const key = JSON.stringify(variables);
  const read = useCallback(
    () => client.query(query, latest.current, { requestPolicy: "network-only" }).toPromise(),
    [client, query],
  );
  useEffect(() => {
    if (!wanted) return undefined;
    const stop = new AbortController();
    void (async () => {
      for (;;) {
        await delay(READ_EVERY_MS, stop.signal);
        await inFront(stop.signal);
        await read();
      }
    })().catch(() => {});
    return () => stop.abort();
  }, [read, key, wanted]);
  return useCallback(() => void read(), [read]);
}
