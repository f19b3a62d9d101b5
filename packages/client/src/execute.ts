import type { Credentials } from "./credentials.ts";
import type { TypedDocument } from "./document.ts";
import { GraphQLRequestError, isTransient, TransportError } from "./errors.ts";
import { sendOverHttp } from "./http.ts";
import { operationPayload, type Persisted } from "./operation-payload.ts";
import type { Origins } from "./origins.ts";
import type { Transport } from "./transport.ts";

export interface ExecuteOptions {
  readonly signal?: AbortSignal;
  /** How long to wait for the whole answer; 30 s by default. */
  readonly timeoutMs?: number;
}

export type Execute = <Data, Variables>(
  document: TypedDocument<Data, Variables>,
  variables: Variables,
  options?: ExecuteOptions,
) => Promise<Data>;

/** Mutations change one thing and answer little; what queries read may be long, and would hold up a feed on the same connection. */
const IS_MUTATION = /^\s*mutation\b/;
/** At most three bytes each: a message of a server may have 262,144. */
const MOST_CHARACTERS = 80_000;

/**
 * Runs a query or mutation, once: what may have run is never repeated here, only the caller knows what is idempotent. Mutations go
 * over the connection that subscriptions have open, as long as they are small; all else by a request over HTTP.
 */
export function createExecute(
  origins: Origins,
  credentials: Credentials,
  transport: Pick<Transport, "mutate">,
  persisted?: Persisted,
): Execute {
  return async <Data, Variables>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    { signal, timeoutMs = 30_000 }: ExecuteOptions = {},
  ): Promise<Data> => {
    const late = AbortSignal.timeout(timeoutMs);
    const end = signal ? AbortSignal.any([signal, late]) : late;
    const query = document.toString();
    // Outside of the attempt: variables that are no JSON are the caller's error, not the network's.
    const body = JSON.stringify(operationPayload(query, variables, persisted));
    const fits = body.length <= MOST_CHARACTERS && IS_MUTATION.test(query);
    const origin = origins.current;
    const overHttp = () => sendOverHttp(origin, credentials, body, end);
    const sent = (fits && transport.mutate?.(query, variables, end)) || null;
    try {
      const answer = sent?.catch((error: unknown) => {
        if (hasNoRoom(error)) return overHttp();
        throw error;
      });
      return (await (answer ?? overHttp())) as Data;
    } catch (error) {
      signal?.throwIfAborted();
      // The transport looks after its own connection.
      if (sent === null && isTransient(error)) origins.failed(origin);
      if (!(late.aborted && error instanceof TransportError)) throw error;
      throw new TransportError(`The server at ${origin} did not answer within ${timeoutMs} ms.`, { cause: error });
    }
  };
}

/** Whether the server lets a connection do less at once than is usual. Then nothing has run. */
function hasNoRoom(error: unknown): boolean {
  return error instanceof GraphQLRequestError && error.errors[0]?.extensions?.["limit"] === "operations.open";
}
