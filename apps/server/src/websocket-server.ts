import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { Database } from "@muster/database/database.ts";
import { GraphQLError } from "graphql";
import { handleProtocols, makeServer } from "graphql-ws";
import type { Logger } from "pino";
import { type WebSocket, WebSocketServer } from "ws";
import { callerOf, type Credential, credentialOf, UNAUTHENTICATED } from "./authentication.ts";
import { type ConnectionLimits, type CredentialUsage, tooManyOperations } from "./connection-limits.ts";
import type { ConsoleProxy } from "./console-proxy.ts";
import { correlationIdFrom, withCorrelation } from "./correlation.ts";
import { prepareOperation } from "./graphql-operation.ts";
import type { Pipeline } from "./graphql-pipeline.ts";
import { SocketSink } from "./graphql-socket.ts";
import { refusalOf } from "./masked-errors.ts";
import type { OpenConnections } from "./open-connections.ts";
import { isForeign, isOfThisOrigin } from "./request-origin.ts";
import { pathOf } from "./request-path.ts";
import { sessionTokenIn } from "./session-cookie.ts";
import { TokenBucket } from "./token-bucket.ts";

export const MAX_MESSAGE_BYTES = 262_144;
const INIT_TIMEOUT_MS = 5_000;
/** A peer that was told to go has so long to say goodbye. */
const GOODBYE_MS = 1_000;

/** Close codes besides those of the protocol. docs/feed.md says what clients do after each. */
const GOING_AWAY = [1001, "Going away"] as const;
const TRY_AGAIN_LATER = 1013;
const FORBIDDEN = [4403, "Forbidden"] as const;
const INTERNAL_ERROR = [4500, "Internal server error"] as const;

interface WebSocketOptions {
  readonly http: Server;
  readonly database: Database;
  readonly pipeline: Pipeline;
  readonly connections: OpenConnections;
  readonly limits: ConnectionLimits;
  readonly usage: CredentialUsage;
  /** Where sockets for other paths go; null without a console. */
  readonly console: ConsoleProxy | null;
  readonly log: Logger;
}

export interface WebSockets {
  /** Closes every socket with 1001, spread over `overMs` so that clients do not all come back at once. */
  close(overMs: number): Promise<void>;
}

/** What is kept of a socket besides the protocol's own state; the request it came with is not. */
interface Extra {
  readonly socket: WebSocket;
  /** What the socket's bytes go to. */
  readonly stream: Duplex;
  readonly correlationId: string;
  readonly sessionToken: string | null;
  credential: Credential | null;
}

/**
 * GraphQL over WebSocket (graphql-transport-ws) at /graphql, through the same pipeline as HTTP; the console's sockets
 * everywhere else. A socket ends with 4403 when its credential does not work, or no longer; with 1013 when it or its
 * credential takes too much; and without a goodbye when a ping stays without an answer.
 */
export function serveWebSockets(options: WebSocketOptions): WebSockets {
  const { http, database, pipeline, connections, limits, usage, console, log } = options;
  const refusal = refusalOf(log);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols,
  });

  http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", (error) => log.debug({ err: error }, "a socket broke during its upgrade"));
    const path = pathOf(request);
    if (path === null) return reject(socket, "400 Bad Request");
    if (isForeign(request)) return reject(socket, "403 Forbidden");
    if (path !== "/graphql") return console ? console.upgrade(request, socket, head) : reject(socket, "404 Not Found");
    sockets.handleUpgrade(request, socket, head, (client) => open(client, socket, request));
  });

  /** Whether the credential works and may have one more connection; else the socket has been closed. */
  async function admit(extra: Extra, authorization: unknown): Promise<boolean> {
    const { socket, correlationId } = extra;
    extra.credential = credentialOf(authorization, extra.sessionToken);
    if (extra.credential) {
      // Before it is looked up, so that it cannot end in between unseen.
      socket.once(
        "close",
        connections.add(extra.credential, () => end(socket, ...FORBIDDEN)),
      );
    }
    if ((await callerOf(database, extra.credential, correlationId)) === null) return false;
    const disconnect = extra.credential && usage.connect(extra.credential.secret);
    if (disconnect && socket.readyState === socket.OPEN) socket.once("close", disconnect);
    else disconnect?.();
    if (disconnect === null) end(socket, TRY_AGAIN_LATER, "Too many connections with these credentials");
    return true;
  }

  const server = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    // false closes with 4403: clients stop trying with these credentials.
    onConnect: ({ connectionParams, extra }) => admit(extra, connectionParams?.authorization),
    execute: ({ rootValue }) => (rootValue as () => never)(),
    subscribe: ({ rootValue }) => (rootValue as () => never)(),
    onSubscribe: ({ extra: { socket, stream, credential, correlationId }, subscriptions }, id, params) =>
      withCorrelation(correlationId, async () => {
        try {
          if (Object.keys(subscriptions).length > limits.operationsPerSocket) throw tooManyOperations(limits);
          if (credential) usage.operate(credential.secret);
          // As for each request over HTTP: what the socket was opened with may have ended since.
          const caller = await callerOf(database, credential, correlationId);
          if (!caller) {
            end(socket, ...FORBIDDEN);
            return [new GraphQLError(UNAUTHENTICATED.message, { extensions: UNAUTHENTICATED.extensions })];
          }
          const operation = await prepareOperation(pipeline, { caller, params }, refusal);
          if (!("kind" in operation)) return [...operation];
          const { document, kind } = operation;
          const { operationName } = params;
          // The library keeps the message for as long as the subscription is open; the text is not needed any more.
          Object.assign(params, { query: "" });
          if (kind !== "subscription") return { document, operationName, rootValue: operation.execute } as never;
          const live = await operation.open(new SocketSink(socket, stream, id, limits.bufferBytes));
          if (Array.isArray(live)) return live;
          return { document, operationName, rootValue: () => live } as never;
        } catch (error) {
          return [refusal(error)];
        }
      }),
  });

  function open(socket: WebSocket, stream: Duplex, request: IncomingMessage): void {
    const messages = new TokenBucket(limits.messagesPerSecond);
    // Too large a message, or one that is none: the library closes the socket with the fitting code by itself.
    socket.on("error", (error) => log.debug({ err: error }, "a socket broke"));
    const stop = keepAlive(socket, limits.keepAliveMs);
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (text) =>
          new Promise((resolve) => {
            if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
            else resolve();
          }),
        close: (code, reason) => end(socket, code, reason),
        onMessage: (handle) =>
          socket.on("message", (data) => {
            if (socket.readyState !== socket.OPEN) return;
            if (messages.take() > 0) return end(socket, TRY_AGAIN_LATER, "Too many messages a second");
            handle(String(data)).catch((error: unknown) => {
              log.error({ err: error }, "a message could not be handled");
              end(socket, ...INTERNAL_ERROR);
            });
          }),
      },
      {
        socket,
        stream,
        correlationId: correlationIdFrom(request.headers["x-correlation-id"]),
        sessionToken: browserSession(request),
        credential: null,
      },
    );
    socket.once("close", (code, reason) => {
      stop();
      void closed(code, String(reason));
    });
  }

  return {
    async close(overMs) {
      await Promise.all(
        [...sockets.clients].map(
          (client) =>
            new Promise<void>((resolve) => {
              // From now on: a client that leaves by itself before its turn has closed as well.
              client.once("close", () => resolve());
              setTimeout(() => end(client, ...GOING_AWAY), Math.random() * overMs);
            }),
        ),
      );
      sockets.close();
    },
  };
}

/** Asks a peer that has been silent whether it is there, and cuts it off when the answer stays out until the next time. */
function keepAlive(socket: WebSocket, everyMs: number): () => void {
  let silent = false;
  let asked = false;
  const heard = () => {
    silent = asked = false;
  };
  socket.on("message", heard);
  socket.on("ping", heard);
  socket.on("pong", heard);
  const timer = setInterval(() => {
    if (asked) return socket.terminate();
    if (silent && socket.readyState === socket.OPEN) {
      asked = true;
      socket.ping();
    }
    silent = true;
  }, everyMs);
  return () => clearInterval(timer);
}

/** Browsers name the origin of each page that opens a socket: a session counts for our own only, and not without one. */
function browserSession(request: IncomingMessage): string | null {
  return request.headers.origin !== undefined && isOfThisOrigin(request) ? sessionTokenIn(request) : null;
}

/** Closes a socket, by force when the peer does not answer. */
function end(socket: WebSocket, code?: number, reason?: string): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.close(code, reason);
  setTimeout(() => socket.terminate(), GOODBYE_MS).unref();
}

function reject(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
