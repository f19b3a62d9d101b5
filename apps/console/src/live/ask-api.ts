import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import type { AnyVariables, Client, OperationResult } from "urql";
import { isFetched } from "#live/cursor-exchange.ts";

/**
 * Asks the API, and answers what it said. What the cache tells meanwhile, because an event changed something that the same
 * question is about, is no answer to it: it may lack what has come since, and was read at no cursor.
 */
export function askApi<Data, Variables extends AnyVariables>(
  client: Client,
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<OperationResult<Data, Variables>> {
  return new Promise((resolve) => {
    let answered = false;
    const { unsubscribe } = client.query(query, variables, { requestPolicy: "network-only" }).subscribe((result) => {
      if (answered || !(result.error || isFetched(result))) return;
      answered = true;
      resolve(result);
      // The subscription may not have been made yet.
      queueMicrotask(() => unsubscribe());
    });
  });
}
