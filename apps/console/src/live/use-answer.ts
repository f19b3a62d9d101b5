"use client";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { useEffect } from "react";
import { type AnyVariables, type CombinedError, useQuery, type UseQueryArgs } from "urql";
import { useLatest } from "#components/use-latest.ts";

const RETRY_MS = 2_000;

interface Answer<Data> {
  /** While another answer is on its way, the one before. */
  readonly data: Data | undefined;
  /** Why there is none. Asking goes on by itself while the API cannot be reached. */
  readonly error: CombinedError | undefined;
}

/** An answer that does not change once it is there, such as what a version holds: asked for once. */
export function useAnswer<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Answer<Data> {
  const [{ data, error }, ask] = useQuery<Data, Variables>({
    query,
    variables,
    requestPolicy: "cache-first",
  } as UseQueryArgs<Variables, Data>);
  useEffect(() => {
    if (!error?.networkError) return undefined;
    const timer = setTimeout(() => ask({ requestPolicy: "network-only" }), RETRY_MS);
    return () => clearTimeout(timer);
  }, [error, ask]);
  const last = useLatest(data, data !== undefined);
  return { data: error ? data : last, error };
}
