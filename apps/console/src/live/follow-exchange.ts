import type { Client as MusterClient } from "@muster/client/client.ts";
import { document } from "@muster/client/document.ts";
import { GraphQLRequestError } from "@muster/client/errors.ts";
import type { Frame } from "@muster/client/frames.ts";
import { graphql } from "#api/generated/gql.ts";
import { type Exchange, type Operation, subscriptionExchange } from "urql";
import { beginFollowing } from "#live/following.ts";

/** Given with a subscription: reads the state again and answers the cursor that it was read at. */
export interface FollowContext {
  readonly onResync: () => Promise<string>;
}

/** Given with a subscription that is no feed: it tells what is so now, first at once, and ends when there is no more. */
export interface WatchContext {
  readonly watch: true;
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
        if ((operation.context as Partial<WatchContext>).watch) {
          void watch(muster, request, sink, stop.signal);
          return { unsubscribe: () => stop.abort() };
        }
        const end = beginFollowing();
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
        return {
          unsubscribe: () => {
            end();
            stop.abort();
          },
        };
      },
    }),
  });
}

interface Sink {
  readonly next: (result: { readonly data: Record<string, unknown> }) => void;
  readonly error: (error: unknown) => void;
  readonly complete: () => void;
}

/** After a lost connection it begins again, and so with what is so then. */
async function watch(
  muster: MusterClient,
  { query, variables }: { readonly query?: string | undefined; readonly variables?: object | undefined },
  sink: Sink,
  signal: AbortSignal,
): Promise<void> {
  const given = variables ?? {};
  try {
    const told = muster.subscribe(document<Record<string, unknown>, object>(query ?? ""), given, {
      signal,
      resume: () => given,
    });
    for await (const data of told) sink.next({ data });
    sink.complete();
  } catch (error) {
    if (!signal.aborted) sink.error(error instanceof GraphQLRequestError ? [...error.errors] : error);
  }
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
