import type { Duplex } from "node:stream";
import type { Database } from "@muster/database/database.ts";
import { GraphQLError, parse } from "graphql";
import type { WebSocket } from "ws";
import type { AddressUsage } from "./address-usage.ts";
import { authenticated, type Credential, UNAUTHENTICATED } from "./authentication.ts";
import { type ConnectionLimits, type CredentialUsage, tooManyOperations } from "./connection-limits.ts";
import { correlationIdFrom, withCorrelation } from "./correlation.ts";
import type { OperationParams, Pipeline } from "./graphql-pipeline.ts";
import { SocketSink } from "./graphql-socket.ts";
import type { OpenConnection } from "./open-connections.ts";
import { SocketAnswer } from "./socket-answer.ts";

/** What is kept of a socket besides the protocol's own state; the request it came with is not. */
export interface SocketPeer {
  readonly socket: WebSocket;
  /** What the socket's bytes go to. */
  readonly stream: Duplex;
  /** The correlation id that the client gave to all its operations, if it did: else each has its own. */
  readonly correlation: string | string[] | undefined;
  readonly sessionToken: string | null;
  /** The agent that the connection's certificate names. */
  readonly certificate: Credential | null;
  readonly address: string | null;
  credential: Credential | null;
  /** What its use counts for: see `CredentialUsage`. */
  usageId: string | null;
  /** Under its credential; null without one. */
  connection: OpenConnection | null;
  /** Its credential has ended or changed: it is only kept for answers that are under way. */
  ending: boolean;
  /** Queries and mutations that have not been answered yet. */
  unanswered: number;
}

interface SocketOperationsOptions {
  readonly database: Database;
  readonly pipeline: Pipeline;
  readonly limits: ConnectionLimits;
  readonly usage: CredentialUsage;
  readonly addresses: AddressUsage;
  /** The socket's credential does not work any more. */
  readonly onEndedCredential: (peer: SocketPeer) => void;
}

/** What the protocol's library makes of an operation: it runs `rootValue`, which sends by itself, until it is done. */
export interface SocketOperation {
  readonly document: ReturnType<typeof parse>;
  readonly rootValue: () => AsyncIterableIterator<never>;
}

/** The library looks at the kind of an operation only. It keeps this for as long as that is open. */
const DOCUMENT = parse("subscription { sent }");

/** Begins the operations of sockets: each within the limits, as whom the socket's credential stands for by then. */
export function createSocketOperations(options: SocketOperationsOptions) {
  const { database, pipeline, limits, usage, addresses, onEndedCredential } = options;

  async function begin(
    peer: SocketPeer,
    subscriptions: Record<string, unknown>,
    id: string,
    params: OperationParams,
    correlationId: string,
  ): Promise<SocketOperation | readonly GraphQLError[]> {
    const { credential } = peer;
    if (Object.keys(subscriptions).length > limits.operationsPerSocket) throw tooManyOperations(limits);
    addresses.request(peer.address);
    if (peer.usageId !== null) usage.operate(peer.usageId);
    // As for each request over HTTP: what the socket was opened with may have ended since.
    const found = peer.ending ? null : await authenticated(database, credential, correlationId, peer.address);
    if (found) peer.connection?.standsOn(found.standing);
    if (!found || peer.ending) {
      onEndedCredential(peer);
      return [new GraphQLError(UNAUTHENTICATED.message, { extensions: UNAUTHENTICATED.extensions })];
    }
    const gone = new AbortController();
    const { caller } = found;
    const operation = await pipeline.prepare({ caller, params, gone: gone.signal });
    if (!("kind" in operation)) return operation;
    // The library keeps the message for as long as the operation is open; the text is not needed any more.
    Object.assign(params, { query: "" });
    const sink = new SocketSink(peer, id, limits.bufferBytes);
    if (operation.kind === "subscription") {
      const live = await operation.open(sink);
      return "next" in live ? { document: DOCUMENT, rootValue: () => live } : live;
    }
    peer.unanswered += 1;
    const answer = new SocketAnswer({
      operation,
      correlationId,
      gone,
      sink,
      onToldEnd: () => delete subscriptions[id],
      onSettled: () => (peer.unanswered -= 1),
    });
    return { document: DOCUMENT, rootValue: () => answer };
  }

  return (
    peer: SocketPeer,
    subscriptions: Record<string, unknown>,
    id: string,
    params: OperationParams,
  ): Promise<SocketOperation | readonly GraphQLError[]> => {
    const correlationId = correlationIdFrom(peer.correlation);
    return withCorrelation(correlationId, () =>
      begin(peer, subscriptions, id, params, correlationId).catch((error: unknown) => [pipeline.mask(error)]),
    );
  };
}
