import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Database } from "@muster/database/database.ts";
import type { Logger } from "pino";
import { LimitExceeded } from "@muster/domain/errors.ts";
import { sendError, sendJson, sendTooMany, sendUnauthenticated, sendUnavailable } from "./answers.ts";
import { createAuthRoutes } from "./auth-routes.ts";
import { callerOf, credentialOf } from "./authentication.ts";
import { type ConnectionLimits, type CredentialUsage, tooManyConnections } from "./connection-limits.ts";
import type { ConsoleProxy } from "./console-proxy.ts";
import { correlationIdFrom, withCorrelation } from "./correlation.ts";
import { type Pipeline } from "./graphql-pipeline.ts";
import type { Health } from "./health.ts";
import type { OpenConnections } from "./open-connections.ts";
import { isOfThisOrigin } from "./request-origin.ts";
import { pathOf } from "./request-path.ts";
import { secure, secureOwn } from "./security-headers.ts";
import { sessionTokenIn } from "./session-cookie.ts";
import { acceptsEventStream, type SseHandler, wantsEventStream } from "./sse-handler.ts";

interface HttpOptions {
  readonly database: Database;
  readonly pipeline: Pipeline;
  readonly health: Health;
  readonly connections: OpenConnections;
  readonly limits: ConnectionLimits;
  readonly usage: CredentialUsage;
  readonly sse: SseHandler;
  /** What answers all that the server itself does not; null without a console. */
  readonly console: ConsoleProxy | null;
  readonly log: Logger;
}

/** The one origin: /graphql, /auth, /health, and the console behind all else. It does not listen yet. */
export function createHttpServer(options: HttpOptions): Server {
  const { database, pipeline, health, connections, limits, usage, sse, console, log } = options;
  const auth = createAuthRoutes({ database, connections });

  /** Counts the operation, and a stream as a connection. Answers and gives false when it is one too many. */
  const admit = (secret: string, request: IncomingMessage, response: ServerResponse): boolean => {
    try {
      usage.operate(secret);
    } catch (error) {
      if (!(error instanceof LimitExceeded)) throw error;
      sendTooMany(response, error);
      return false;
    }
    if (!acceptsEventStream(request)) return true;
    const disconnect = usage.connect(secret);
    if (disconnect) response.once("close", disconnect);
    else sendTooMany(response, tooManyConnections(limits));
    return disconnect !== null;
  };

  const graphql = async (request: IncomingMessage, response: ServerResponse, correlationId: string) => {
    secureOwn(response);
    // A cookie comes along with whatever any page sends here, a form included: it counts for our own pages only.
    const sessionToken = isOfThisOrigin(request) ? sessionTokenIn(request) : null;
    const credential = credentialOf(request.headers.authorization, sessionToken);
    if (credential)
      response.once(
        "close",
        connections.add(credential, () => response.destroy()),
      );
    const caller = await callerOf(database, credential, correlationId);
    if (!caller || !credential) return sendUnauthenticated(response);
    if (!admit(credential.secret, request, response)) return;
    const gone = new AbortController();
    response.once("close", () => {
      if (!response.writableFinished) gone.abort();
    });
    if (wantsEventStream(request)) return sse.handle(request, response, caller);
    await pipeline.handle(request, response, { caller, gone: gone.signal });
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, correlationId: string): Promise<void> => {
    const path = pathOf(request);
    if (path === null) return sendError(response, 400, "BAD_REQUEST", "The request's target or Host is not valid.");
    if (path === "/graphql") return graphql(request, response, correlationId);
    if (path === "/health/live") return sendJson(response, 200, { status: "live" });
    if (path === "/health/ready") {
      const state = await health.readiness();
      return sendJson(response, state.ready ? 200 : 503, state);
    }
    if (path.startsWith("/auth/")) return auth(request, response, path);
    if (console && !path.startsWith("/health/")) return console.forward(request, response);
    sendError(response, 404, "NOT_FOUND", "There is nothing here. The API is at /graphql.");
  };

  const server = createServer({ shouldUpgradeCallback: isWebSocket }, (request, response) => {
    const correlationId = correlationIdFrom(request.headers["x-correlation-id"]);
    const started = performance.now();
    response.setHeader("x-correlation-id", correlationId);
    secure(request, response);
    withCorrelation(correlationId, () => {
      response.once("close", () => {
        // Never with the query: what people put there may be secret.
        const path = (request.url ?? "/").split("?", 1)[0];
        log.debug(
          { method: request.method, path, status: response.statusCode, ms: Math.round(performance.now() - started) },
          "request",
        );
      });
      answer(request, response, correlationId).catch((error: unknown) => {
        log.error({ err: error }, "a request failed");
        if (!response.headersSent) sendUnavailable(response, correlationId);
        else response.destroy();
      });
    });
  });
  server.headersTimeout = 15_000;
  server.requestTimeout = 60_000;
  server.keepAliveTimeout = 65_000;
  return server;
}

/** Clients may offer other protocols (`curl --http2` offers h2c): those requests are answered as they are. */
function isWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === "websocket";
}
