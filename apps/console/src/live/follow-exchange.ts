import type { Client as MusterClient } from "@muster/client/client.ts";
import { document } from "@muster/client/document.ts";
import { GraphQLRequestError } from "@muster/client/errors.ts";
import type { Frame } from "@muster/client/frames.ts";
import { graphql } from "#api/generated/gql.ts";
import { type Exchange, type Operation, subscriptionExchange } from "urql";

/** Given with a subscription: reads the state again and answers the cursor that it was read at. */
export interface FollowContext {
  readonly onResync: () => Promise<string>;
}

/** What every feed's document selects besides its events. */
graphql(`
  fragment FollowedFrame on EventFrame {
    __typename
    ... on EventDelivery {
      cursor
    }
    ... on Bookmark {
      cursor
      caughtUp
    }
    ... on ResyncRequired {
      cursor
      reason
    }
  }
`);

type Frames = Record<string, Frame<unknown>>;

/**
 * Subscriptions to frames, run by the client's `follow`: across lost connections and restarts each event comes exactly
 * once, in order, as an `EventDelivery`. The cache sees it first, then the component.
 */
export function followExchange(muster: MusterClient): Exchange {
  return subscriptionExchange({
    forwardSubscription: (request, operation) => ({
      subscribe: (sink) => {
        const stop = new AbortController();
        const field = fieldOf(operation);
        const { after, ...variables } = (request.variables ?? {}) as { after?: string | null };
        const following = muster.follow<Frames, { after?: string | null }>({
          document: document<Frames, { after?: string | null }>(request.query ?? ""),
          variables,
          after: after ?? null,
          onEvent: (event, cursor) => sink.next({ data: { [field]: { __typename: "EventDelivery", cursor, event } } }),
          onResync: () => (operation.context as Partial<FollowContext>).onResync?.(),
          signal: stop.signal,
        });
        following.then(
          () => sink.complete(),
          // Given as an array, the server's errors stay what they are; anything else is the network's.
          (error: unknown) => sink.error(error instanceof GraphQLRequestError ? [...error.errors] : error),
        );
        return { unsubscribe: () => stop.abort() };
      },
    }),
  });
}

/** The name under which the only field of the document answers. */
function fieldOf({ query }: Operation): string {
  for (const definition of query.definitions) {
    if (definition.kind !== "OperationDefinition") continue;
    for (const selection of definition.selectionSet.selections) {
      if (selection.kind === "Field" && !selection.name.value.startsWith("__")) {
        return selection.alias?.value ?? selection.name.value;
      }
    }
  }
  throw new TypeError("A document to follow has one field, which answers frames.");
}
