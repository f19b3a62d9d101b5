import type { IncomingMessage, Server } from "node:http";
import type { BlockList } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@muster/database/database.ts";
import { rightsMark } from "@muster/graphql/people/rights-mark.ts";
import { handleProtocols, makeServer } from "graphql-ws";
import type { Logger } from "pino";
import { type WebSocket, WebSocketServer } from "ws";
import type { AddressUsage } from "./address-usage.ts";
import { authenticated, credentialOf } from "./authentication.ts";
import { clientAddress } from "./client-address.ts";
import type { ConnectionLimits, CredentialUsage } from "./connection-limits.ts";
import type { ConsoleProxy } from "./console-proxy.ts";
import { correlationIdFrom } from "./correlation.ts";
import type { Pipeline } from "./graphql-pipeline.ts";
import type { Ending, OpenConnections } from "./open-connections.ts";
import { isForeign, isOfThisOrigin } from "./request-origin.ts";
import { pathOf } from "./request-path.ts";
import { sessionTokenIn } from "./session-cookie.ts";
import { createSocketOperations, type SocketPeer } from "./socket-operations.ts";
import type { Strangers } from "./strangers.ts";
import { certificateOf } from "./tls-certificate.ts";
import { TokenBucket } from "./token-bucket.ts";

export const MAX_MESSAGE_BYTES = 262_144;
const INIT_TIMEOUT_MS = 5_000;
/** A peer that was told to go has so long to say goodbye. */
const GOODBYE_MS = 1_000;
/** A socket whose credential has ended or changed gives them so long. */
const LAST_ANSWERS_MS = 1_000;
/** A server that stops gives queries and mutations so long to end. */
const ANSWER_MS = 2_000;

/** Close codes besides those of the protocol. docs/feed.md says what clients do after each. */
const GOING_AWAY = [1001, "Going away"] as const;
const TRY_AGAIN_LATER = 1013;
const FORBIDDEN = [4403, "Forbidden"] as const;
const INTERNAL_ERROR = [4500, "Internal server error"] as const;
const CLOSINGS: Readonly<Record<Ending, readonly [number, string]>> = {
  ENDED: FORBIDDEN,
  // Not 4401 or another one that clients of the protocol take for final: they are to come back at once.
  CHANGED: [4410, "Credentials changed"],
};

interface WebSocketOptions {
  readonly http: Server;
  readonly database: Database;
  readonly pipeline: Pipeline;
  readonly connections: OpenConnections;
  readonly limits: ConnectionLimits;
  readonly usage: CredentialUsage;
  readonly addresses: AddressUsage;
  readonly strangers: Strangers;
  readonly trustedProxies: BlockList;
  readonly allowedOrigins: readonly string[];
  /** Where sockets for other paths go; null without a console. */
  readonly console: ConsoleProxy | null;
  readonly log: Logger;
}

export interface WebSockets {
  /** Closes every socket with 1001, spread over `overMs` so that clients do not all come back at once. */
  close(overMs: number): Promise<void>;
}

/**
 * GraphQL over WebSocket (graphql-transport-ws) at /graphql, through the same pipeline as HTTP; the console's sockets
 * everywhere else. A socket ends with 4403 when its credential does not work, or no longer; with 4410 when that may mean something
 * else now; with 1013 when it or its credential takes too much; and without a goodbye when a ping stays without an answer.
 */
export function serveWebSockets(options: WebSocketOptions): WebSockets {
  const { http, database, pipeline, connections, limits, usage, addresses, strangers, console, log } = options;
  const begin = createSocketOperations({
    database,
    pipeline,
    limits,
    usage,
    addresses,
    onEndedCredential: (peer) => leave(peer, "ENDED"),
  });
  const peers = new Map<WebSocket, SocketPeer>();
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
    const wait = addresses.wait(clientAddress(request, options.trustedProxies));
    if (wait > 0) return reject(socket, "429 Too Many Requests", `retry-after: ${Math.ceil(wait / 1_000)}\r\n`);
    // Of those that are allowed no cookie counts: `browserSession` asks for our own origin.
    const isAllowed = options.allowedOrigins.includes(request.headers.origin ?? "");
    if (isForeign(request) && !(isAllowed && path === "/graphql")) return reject(socket, "403 Forbidden");
    if (path !== "/graphql") return console ? console.upgrade(request, socket, head) : reject(socket, "404 Not Found");
    sockets.handleUpgrade(request, socket, head, (client) => open(client, socket, request));
  });

  /** What is said to a credential that works: what it may do, as a mark. False for others. Closes one connection too many. */
  async function admit(peer: SocketPeer, authorization: unknown): Promise<boolean | { readonly rights: string }> {
    const { socket, correlation } = peer;
    peer.credential = credentialOf(authorization, peer.sessionToken, peer.certificate);
    if (!peer.credential) return false;
    const { address } = peer;
    if (!usage.knows(peer.credential.secret) && addresses.mustWait(address) > 0) {
      end(socket, TRY_AGAIN_LATER, "Too many credentials from this address did not work");
      return true;
    }
    // Before it is looked up, so that it cannot end in between unseen.
    const connection = connections.add(peer.credential, (ending) => leave(peer, ending));
    peer.connection = connection;
    socket.once("close", connection.forget);
    const found = await authenticated(database, peer.credential, correlationIdFrom(correlation), address);
    if (!found) {
      addresses.refused(address);
      return false;
    }
    connection.standsOn(found.standing);
    strangers.isKnown(peer.stream);
    usage.know(peer.credential.secret);
    peer.usageId = found.caller.origin?.credentialId ?? peer.credential.secret;
    const disconnect = usage.connect(peer.usageId);
    if (disconnect && socket.readyState === socket.OPEN) socket.once("close", disconnect);
    else disconnect?.();
    if (disconnect === null) end(socket, TRY_AGAIN_LATER, "Too many connections with these credentials");
    return { rights: rightsMark(found.caller) };
  }

  const server = makeServer<Record<string, unknown>, SocketPeer>({
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    // false closes with 4403: clients stop trying with these credentials.
    onConnect: ({ connectionParams, extra }) => admit(extra, connectionParams?.authorization),
    subscribe: ({ rootValue }) => (rootValue as () => never)(),
    onSubscribe: ({ extra, subscriptions }, id, params) => begin(extra, subscriptions, id, params) as never,
  });

  function open(socket: WebSocket, stream: Duplex, request: IncomingMessage): void {
    const messages = new TokenBucket(limits.messagesPerSecond);
    // Too large a message, or one that is none: the library closes the socket with the fitting code by itself.
    socket.on("error", (error) => log.debug({ err: error }, "a socket broke"));
    const stop = keepAlive(socket, limits.keepAliveMs);
    const peer: SocketPeer = {
      socket,
      stream,
      correlation: request.headers["x-correlation-id"],
      sessionToken: browserSession(request),
      certificate: certificateOf(request),
      address: clientAddress(request, options.trustedProxies),
      credential: null,
      usageId: null,
      connection: null,
      ending: false,
      unanswered: 0,
    };
    peers.set(socket, peer);
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
      peer,
    );
    socket.once("close", (code, reason) => {
      stop();
      peers.delete(socket);
      void closed(code, String(reason));
    });
  }

  return {
    async close(overMs) {
      const closing = [...peers.values()].map(async (peer) => {
        await sleep(Math.random() * overMs);
        // Over HTTP, too, a server that stops answers what it has begun.
        await answered(peer, ANSWER_MS);
        end(peer.socket, ...GOING_AWAY);
      });
      const closed = [...sockets.clients].map((client) => new Promise((resolve) => client.once("close", resolve)));
      await Promise.all([...closing, ...closed]);
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

/**
 * Ends a socket whose credential has ended or changed. From now on nothing of a feed goes out on it; it closes once it has answered
 * what was asked before: the change may be the answer.
 */
function leave(peer: SocketPeer, ending: Ending): void {
  if (peer.ending) return;
  peer.ending = true;
  const close = () => end(peer.socket, ...CLOSINGS[ending]);
  if (peer.unanswered === 0) close();
  else void answered(peer, LAST_ANSWERS_MS).then(close);
}

/** Resolves when all queries and mutations of the socket are answered, or it has taken too long. */
async function answered(peer: SocketPeer, withinMs: number): Promise<void> {
  const until = performance.now() + withinMs;
  while (peer.unanswered > 0 && performance.now() < until) await sleep(10);
}

/** Closes a socket, by force when the peer does not answer. */
function end(socket: WebSocket, code?: number, reason?: string): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.close(code, reason);
  setTimeout(() => socket.terminate(), GOODBYE_MS).unref();
}

function reject(socket: Duplex, status: string, headers = ""): void {
  socket.end(
    `HTTP/1.1 ${status}\r\n${headers}connection: close\r\nx-content-type-options: nosniff\r\ncontent-length: 0\r\n\r\n`,
  );
}
