"use client";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { useEffect, useRef } from "react";
import { type AnyVariables, useClient } from "urql";
import type { WatchContext } from "#live/follow-exchange.ts";

/**
 * Keeps the cache up to date with a subscription that tells what is so now, for what no event tells. What shows it reads it by
 * a query, and may be told each time. Where the server does not know the subscription, nothing is told.
 */
export function useWatched<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { pause, onTold }: { readonly pause: boolean; readonly onTold?: () => void },
): void {
  const client = useClient();
  const told = useRef(onTold);
  told.current = onTold;
  const key = JSON.stringify(variables);
  useEffect(() => {
    if (pause) return undefined;
    const context: WatchContext = { watch: true };
    const { unsubscribe } = client
      .subscription(document, JSON.parse(key) as Variables, context as object)
      .subscribe(({ data }) => {
        if (data) told.current?.();
      });
    return unsubscribe;
  }, [client, document, key, pause]);
}
