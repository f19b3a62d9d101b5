import type { Client, SubscribePayload } from "graphql-ws/client";
import { connectionError, subscribeOnce } from "./subscribe-once.ts";
import { GraphQLRequestError, TransportError } from "./errors.ts";

/**
 * One mutation on the connection that is open: answers its data. However the connection ends before that, also where the server
 * refuses to go on with it, nothing is known of the mutation. @throws TransportError, GraphQLRequestError
 */
export async function mutateOnce(client: Client, payload: SubscribePayload, signal: AbortSignal): Promise<unknown> {
  let data: unknown = null;
  try {
    await subscribeOnce(client, payload, (answered) => (data = answered), signal);
  } catch (cause) {
    if (cause instanceof GraphQLRequestError || Array.isArray(cause)) throw connectionError(cause);
    throw new TransportError("The connection was lost before the answer came.", { cause });
  }
  if (data === null && signal.aborted) throw new TransportError("The answer was not waited for.");
  if (data === null || data === undefined) throw new TransportError("The server answered without a result.");
  return data;
}
