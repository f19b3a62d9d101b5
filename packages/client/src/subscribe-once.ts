import type { Client, SubscribePayload } from "graphql-ws/client";
import { closeError } from "./close-codes.ts";
import { type GraphQLResponseError, GraphQLRequestError, requestError, TransportError } from "./errors.ts";

/**
 * One subscription on one connection: ends with it, and is not repeated. Resolves when the server completes it or
 * `signal` aborts; rejects with whatever ended it otherwise (see `connectionError`). `next` must not throw.
 */
export function subscribeOnce(
  client: Client,
  payload: SubscribePayload,
  next: (data: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let ended = false;
    const end = (settle: () => void) => {
      if (ended) return;
      ended = true;
      signal.removeEventListener("abort", aborted);
      stopListening();
      unsubscribe();
      settle();
    };
    const aborted = () => end(resolve);
    // The library repeats subscriptions by itself after a close with code 1000; here each close ends them.
    const stopListening = client.on("closed", (event) => end(() => reject(event)));
    const unsubscribe = client.subscribe(payload, {
      next({ data, errors }) {
        if (ended) return;
        if (errors && errors.length > 0) end(() => reject(connectionError(errors)));
        else next(data);
      },
      error: (error) => end(() => reject(error)),
      complete: () => end(resolve),
    });
    signal.addEventListener("abort", aborted, { once: true });
  });
}

/** Says in one of the client's error classes why a subscription ended: GraphQL errors, a close event, or what failed on the way. */
export function connectionError(cause: unknown): TransportError | GraphQLRequestError {
  if (cause instanceof TransportError || cause instanceof GraphQLRequestError) return cause;
  if (Array.isArray(cause)) return requestError(cause as GraphQLResponseError[]);
  return closeError(cause) ?? new TransportError("The connection could not be made.", { cause });
}
