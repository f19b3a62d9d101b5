import type { Credentials } from "./credentials.ts";
import type { TypedDocument } from "./document.ts";
import { createExecute, type Execute } from "./execute.ts";
import { follow, type FollowOptions } from "./follow.ts";
import { createOrigins } from "./origins.ts";
import type { Status } from "./status.ts";
import { persistedDocuments } from "./persisted-documents.ts";
import { subscribe, type SubscribeOptions } from "./subscribe.ts";
import type { CreateTransport, TransportOptions } from "./transport.ts";
import { webSocket } from "./web-socket.ts";

export interface ClientOptions extends Omit<TransportOptions, "origins"> {
  /**
   * Where the server is, without `/graphql`: `http://127.0.0.1:4000`, or `location.origin` in a browser. Several servers over
   * one database may be named: whenever one is lost or cannot be reached, the next one is used.
   */
  readonly url: string | readonly string[];
  /** Asked again for each request and each connection. */
  readonly credentials: Credentials;
  /** What subscriptions run on: `webSocket`, or `serverSentEvents` where proxies let no WebSocket through. */
  readonly transport?: CreateTransport;
}

export interface Client {
  /**
   * Runs a query or mutation, once: a small mutation over the WebSocket, while subscriptions have it open, and all else over HTTP.
   * @throws TransportError, GraphQLRequestError (of it UnauthenticatedError, ForbiddenError), or the signal's reason.
   */
  readonly execute: Execute;
  /**
   * Subscribes over the transport, and again whenever the connection comes back or the server ends the subscription
   * without an error. What happens in between is not delivered, unless the field itself replays it: see `follow`.
   * Leaving the loop, or the signal, unsubscribes. With `resume` nothing is missed, and the loop ends when the server ends the
   * subscription. @throws what repeating cannot help.
   */
  subscribe<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    variables: Variables,
    options?: SubscribeOptions<Data, Variables>,
  ): AsyncIterable<Data>;
  /** Follows a feed from a cursor without missing or repeating an event. See `FollowOptions`. */
  follow<Data, Variables>(options: FollowOptions<Data, Variables>): Promise<void>;
  readonly status: Status;
  /** What the server said when it took the last WebSocket, as JSON: `{ rights }` is `Viewer.rights` of then. Undefined before. */
  readonly greeting: unknown;
  /** Calls the listener at each change; returns the function that ends this. */
  onStatus(listener: (status: Status) => void): () => void;
  /** Ends every subscription and closes the connection. */
  close(): void;
}

/** A client of one Muster. It opens nothing until it is used. */
export function createClient({ url, transport: create = webSocket, ...options }: ClientOptions): Client {
  const origins = createOrigins(url);
  const documents = persistedDocuments(options.persisted);
  const transport = create({ ...options, origins, persisted: documents.hashOf });
  const run = documents.run((...request) => transport.run(...request));
  const closing = new AbortController();
  return {
    execute: documents.execute(createExecute(origins, options.credentials, transport, documents.hashOf)),
    subscribe: (document, variables, { signal, ...request } = {}) =>
      subscribe(run, document, variables, {
        ...request,
        signal: signal ? AbortSignal.any([signal, closing.signal]) : closing.signal,
      }),
    follow: (request) => follow(run, request, closing.signal),
    get status() {
      return transport.status.current;
    },
    get greeting() {
      return transport.greeting;
    },
    onStatus: transport.status.listen,
    close() {
      closing.abort();
      transport.close();
    },
  };
}
