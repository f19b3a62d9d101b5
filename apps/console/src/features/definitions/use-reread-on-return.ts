"use client";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { useEffect, useRef } from "react";
import { type AnyVariables, useClient } from "urql";

/** Reads a query again when the reader comes back to the page: for what no feed of a project tells, such as a new version of a definition. */
export function useRereadOnReturn<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): void {
  const client = useClient();
  const latest = useRef(variables);
  latest.current = variables;
  useEffect(() => {
    const onVisible = () => {
      if (document.visibilityState !== "visible") return;
      void client.query(query, latest.current, { requestPolicy: "network-only" }).toPromise();
    };
    document.addEventListener("visibilitychange", onVisible);
    return () => document.removeEventListener("visibilitychange", onVisible);
  }, [client, query]);
}
