import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { Database } from "@muster/database/database.ts";
import { type DocumentNode, GraphQLError } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import type { Logger } from "pino";
import { type WebSocket, WebSocketServer } from "ws";
import { callerOf, type Credential, credentialOf, UNAUTHENTICATED } from "./authentication.ts";
import type { ConsoleProxy } from "./console-proxy.ts";
import { correlationIdFrom, withCorrelation } from "./correlation.ts";
import type { Pipeline } from "./graphql-pipeline.ts";
import { maskError } from "./masked-errors.ts";
import type { OpenConnections } from "./open-connections.ts";
import { isForeign, isOfThisOrigin } from "./request-origin.ts";
import { pathOf } from "./request-path.ts";
import { sessionTokenIn } from "./session-cookie.ts";

const MAX_MESSAGE_BYTES = 262_144;
const KEEP_ALIVE_MS = 12_000;
const INIT_TIMEOUT_MS = 5_000;

interface WebSocketOptions {
  readonly http: Server;
  readonly database: Database;
  readonly pipeline: Pipeline;
  readonly connections: OpenConnections;
  /** Where sockets for other paths go; null without a console. */
  readonly console: ConsoleProxy | null;
  readonly log: Logger;
}

export interface WebSockets {
  /** Closes every socket with 1001, spread over `overMs` so that clients do not all come back at once. */
  close(overMs: number): Promise<void>;
}

type Extra = {
  credential: Credential | null;
  correlationId: string;
  request: IncomingMessage;
  socket: WebSocket;
};

/**
 * GraphQL over WebSocket (graphql-transport-ws) at /graphql, through the same pipeline as HTTP; the console's sockets
 * everywhere else. A socket ends with 4403 when its credential does not work, or no longer.
 */
export function serveWebSockets({ http, database, pipeline, connections, console, log }: WebSocketOptions): WebSockets {
  const mask = maskError(log);
  /** As over HTTP, without what is meant for an HTTP response. */
  const refusal = (error: unknown): GraphQLError => {
    const masked = mask(error) as GraphQLError;
    const { http: _http, ...extensions } = masked.extensions;
    return new GraphQLError(masked.message, { nodes: masked.nodes ?? null, extensions });
  };
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });

  http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", (error) => log.debug({ err: error }, "a socket broke during its upgrade"));
    const path = pathOf(request);
    if (path === null) return reject(socket, "400 Bad Request");
    if (isForeign(request)) return reject(socket, "403 Forbidden");
    if (path !== "/graphql") return console ? console.upgrade(request, socket, head) : reject(socket, "404 Not Found");
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit("connection", client, request));
  });

  useServer<Record<string, unknown>, Extra>(
    {
      connectionInitWaitTimeout: INIT_TIMEOUT_MS,
      onConnect: async ({ connectionParams, extra }) => {
        extra.correlationId = correlationIdFrom(extra.request.headers["x-correlation-id"]);
        extra.credential = credentialOf(connectionParams?.authorization, browserSession(extra.request));
        if (extra.credential) {
          extra.socket.once(
            "close",
            connections.add(extra.credential, () => refuse(extra.socket)),
          );
        }
        // false closes with 4403: clients stop trying with these credentials.
        return (await callerOf(database, extra.credential, extra.correlationId)) !== null;
      },
      execute: (args) => enveloped(args).execute(args),
      subscribe: (args) => enveloped(args).subscribe(args),
      onSubscribe: ({ extra: { socket, credential = null, correlationId = "none" } }, _id, params) =>
        withCorrelation(correlationId, async () => {
          try {
            // As for each request over HTTP: what the socket was opened with may have ended since.
            const caller = await callerOf(database, credential, correlationId);
            if (!caller) {
              refuse(socket);
              return [new GraphQLError(UNAUTHENTICATED.message, { extensions: UNAUTHENTICATED.extensions })];
            }
            const { schema, execute, subscribe, contextFactory, parse, validate } = pipeline.getEnveloped({
              caller,
              params,
            } as never);
            const document: DocumentNode = parse(params.query ?? "");
            const errors = validate(schema, document) as GraphQLError[];
            if (errors.length > 0) return errors.map(refusal);
            return {
              schema,
              operationName: params.operationName ?? null,
              document,
              variableValues: params.variables ?? null,
              contextValue: await contextFactory(),
              rootValue: { execute, subscribe },
            } as never;
          } catch (error) {
            return [refusal(error)];
          }
        }),
    },
    sockets,
    KEEP_ALIVE_MS,
  );

  return {
    async close(overMs) {
      await Promise.all(
        [...sockets.clients].map(
          (client) =>
            new Promise<void>((resolve) => {
              // From now on: a client that leaves by itself before its turn has closed as well.
              client.once("close", () => resolve());
              setTimeout(() => {
                client.close(1001, "Going away");
                setTimeout(() => client.terminate(), 1_000).unref();
              }, Math.random() * overMs);
            }),
        ),
      );
      sockets.close();
    },
  };
}

interface Enveloped {
  execute(args: unknown): never;
  subscribe(args: unknown): never;
}

/** The enveloped functions of this very operation travel with it as its root value. */
function enveloped(args: { readonly rootValue?: unknown }): Enveloped {
  return args.rootValue as Enveloped;
}

/** Browsers name the origin of each page that opens a socket: a session counts for our own only, and not without one. */
function browserSession(request: IncomingMessage): string | null {
  return request.headers.origin !== undefined && isOfThisOrigin(request) ? sessionTokenIn(request) : null;
}

/** Ends a socket whose credential has ended, as one is ended whose credential never worked. */
function refuse(socket: WebSocket): void {
  socket.close(4403, "Forbidden");
  setTimeout(() => socket.terminate(), 1_000).unref();
}

function reject(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
