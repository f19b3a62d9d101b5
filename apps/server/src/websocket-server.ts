import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { Database } from "@muster/database/database.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { type DocumentNode, GraphQLError } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import type { Logger } from "pino";
import { WebSocketServer } from "ws";
import { callerOf } from "./authentication.ts";
import { correlationIdFrom, withCorrelation } from "./correlation.ts";
import type { Pipeline } from "./graphql-pipeline.ts";
import { maskError } from "./masked-errors.ts";

const MAX_MESSAGE_BYTES = 262_144;
const KEEP_ALIVE_MS = 12_000;
const INIT_TIMEOUT_MS = 5_000;

interface WebSocketOptions {
  readonly http: Server;
  readonly database: Database;
  readonly pipeline: Pipeline;
  readonly log: Logger;
}

export interface WebSockets {
  /** Closes every socket with 1001, spread over `overMs` so that clients do not all come back at once. */
  close(overMs: number): Promise<void>;
}

type Extra = {
  caller?: Caller;
  correlationId: string;
  request: IncomingMessage;
};

/** GraphQL over WebSocket (graphql-transport-ws) at /graphql, through the same pipeline as HTTP. */
export function serveWebSockets({ http, database, pipeline, log }: WebSocketOptions): WebSockets {
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
    const path = (request.url ?? "/").split("?", 1)[0];
    if (path !== "/graphql") return reject(socket, "404 Not Found");
    if (!sameOrigin(request)) return reject(socket, "403 Forbidden");
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit("connection", client, request));
  });

  useServer<Record<string, unknown>, Extra>(
    {
      connectionInitWaitTimeout: INIT_TIMEOUT_MS,
      onConnect: async ({ connectionParams, extra }) => {
        extra.correlationId = correlationIdFrom(extra.request.headers["x-correlation-id"]);
        const caller = await callerOf(database, connectionParams?.authorization, extra.correlationId);
        // false closes with 4403: clients stop trying with these credentials.
        if (!caller) return false;
        extra.caller = caller;
        return true;
      },
      execute: (args) => enveloped(args).execute(args),
      subscribe: (args) => enveloped(args).subscribe(args),
      onSubscribe: ({ extra }, _id, params) =>
        withCorrelation(extra.correlationId ?? "none", async () => {
          try {
            const { schema, execute, subscribe, contextFactory, parse, validate } = pipeline.getEnveloped({
              caller: extra.caller,
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

/** Browsers say where a page came from; programs do not. A page of another origin may not open a socket here. */
function sameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}

function reject(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
