import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { BlockList } from "node:net";
import type { Database } from "@muster/database/database.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import type { Logger } from "pino";
import { LimitExceeded } from "@muster/domain/errors.ts";
import { sendError, sendJson, sendTooMany, sendUnauthenticated, sendUnavailable } from "./answers.ts";
import type { AddressUsage } from "./address-usage.ts";
import { createAuditRoutes } from "./audit-routes.ts";
import { createAuthRoutes } from "./auth/auth-routes.ts";
import { oidcRoutes } from "./auth/oidc-routes.ts";
import { authenticated, credentialOf } from "./authentication.ts";
import { clientAddress } from "./client-address.ts";
import { type ConnectionLimits, type CredentialUsage, tooManyConnections } from "./connection-limits.ts";
import type { ConsoleProxy } from "./console-proxy.ts";
import { allowCors } from "./cors.ts";
import { correlationIdFrom, withCorrelation } from "./correlation.ts";
import { type Pipeline } from "./graphql-pipeline.ts";
import type { Health } from "./health.ts";
import { JSON_WEB_KEYS_PATH, sendJsonWebKeys } from "./json-web-keys.ts";
import type { OpenConnections } from "./open-connections.ts";
import { isOfThisOrigin, isSentByScript } from "./request-origin.ts";
import { pathOf } from "./request-path.ts";
import { secure, secureOwn } from "./security-headers.ts";
import { sessionTokenIn } from "./session-cookie.ts";
import type { Strangers } from "./strangers.ts";
import type { OidcSettings, TlsFiles } from "./settings.ts";
import { acceptsEventStream, type Cut, type SseHandler, wantsEventStream } from "./sse-handler.ts";
import { certificateOf } from "./tls-certificate.ts";
import { createListener } from "./tls-listener.ts";

interface HttpOptions {
  readonly runtime: Runtime;
  /** The origin under which people reach the server; null: the one that they asked for. */
  readonly publicUrl: string | null;
  readonly tls: TlsFiles | null;
  readonly oidc: OidcSettings | null;
  readonly database: Database;
  readonly pipeline: Pipeline;
  readonly health: Health;
  readonly connections: OpenConnections;
  readonly limits: ConnectionLimits;
  readonly usage: CredentialUsage;
  readonly addresses: AddressUsage;
  readonly strangers: Strangers;
  readonly trustedProxies: BlockList;
  readonly allowedOrigins: readonly string[];
  readonly sse: SseHandler;
  /** What answers all that the server itself does not; null without a console. */
  readonly console: ConsoleProxy | null;
  readonly log: Logger;
}

/** How often connections are looked through for heads and bodies that take too long. */
const SLOW_CHECK_MS = 1_000;

/** The one origin: /graphql, /auth, /health, and the console behind all else. It does not listen yet. */
export function createHttpServer(options: HttpOptions): Server {
  const { database, pipeline, health, connections, limits, usage, addresses, strangers, sse, console, log } = options;
  const auth = createAuthRoutes(options, oidcRoutes(options, options.oidc, log));

  const audit = createAuditRoutes(options.runtime);

  /** Counts the operation, and a stream as a connection. Throws `LimitExceeded` when it is one too many. */
  const admit = (id: string, isStream: boolean, response: ServerResponse): void => {
    usage.operate(id);
    if (!isStream) return;
    const disconnect = usage.connect(id);
    if (disconnect === null) throw tooManyConnections(limits);
    response.once("close", disconnect);
  };

  /** What takes an API key, a token or a session: /graphql, and below /audit. */
  const identified = async (
    request: IncomingMessage,
    response: ServerResponse,
    correlationId: string,
    path: string,
  ) => {
    secureOwn(response);
    if (allowCors(request, response, options.allowedOrigins)) return;
    // A cookie comes along with whatever any page sends here, a form included: it counts for our own pages only.
    const sessionToken = isOfThisOrigin(request) ? sessionTokenIn(request) : null;
    const credential = credentialOf(request.headers.authorization, sessionToken, certificateOf(request));
    if (!credential) return sendUnauthenticated(response);
    if (credential.kind === "SESSION" && !isSentByScript(request)) return sendNoScript(response);
    const address = clientAddress(request, options.trustedProxies);
    if (!usage.knows(credential.secret)) addresses.assertMayTry(address);
    const gone = new AbortController();
    // What is under way is answered, the change may be its answer; what only waits ends, and so does a stream.
    const cut: Cut = { stream: () => {}, ending: null };
    const connection = connections.add(credential, (ending) => {
      cut.ending = ending;
      gone.abort();
      cut.stream();
    });
    response.once("close", () => {
      connection.forget();
      if (!response.writableFinished) gone.abort();
    });
    const found = await authenticated(database, credential, correlationId, address);
    if (found) connection.standsOn(found.standing);
    else addresses.refused(address);
    if (!found || cut.ending === "ENDED") return sendUnauthenticated(response);
    // It changed while it was looked up: the client asks again.
    if (cut.ending !== null) return sendUnavailable(response, correlationId);
    strangers.isKnown(request.socket);
    const { caller } = found;
    const isExport = path !== "/graphql";
    usage.know(credential.secret);
    admit(caller.origin?.credentialId ?? credential.secret, isExport || acceptsEventStream(request), response);
    if (isExport) return audit(request, response, caller, gone.signal);
    if (wantsEventStream(request)) return sse.handle(request, response, caller, cut);
    await pipeline.handle(request, response, { caller, gone: gone.signal });
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, correlationId: string): Promise<void> => {
    const path = pathOf(request);
    if (path === null) return sendError(response, 400, "BAD_REQUEST", "The request's target or Host is not valid.");
    if (path === "/health/live") return sendJson(response, 200, { status: "live" });
    if (path === "/health/ready") {
      const state = await health.readiness();
      return sendJson(response, state.ready ? 200 : 503, state);
    }
    addresses.request(clientAddress(request, options.trustedProxies));
    if (path === "/graphql" || path.startsWith("/audit/")) return identified(request, response, correlationId, path);
    if (path === JSON_WEB_KEYS_PATH) return sendJsonWebKeys(database, request, response);
    if (path.startsWith("/auth/")) return auth(request, response, path);
    if (console && !path.startsWith("/health/")) return console.forward(request, response);
    sendError(response, 404, "NOT_FOUND", "There is nothing here. The API is at /graphql.");
  };

  const server = createListener(
    options.tls,
    { shouldUpgradeCallback: isWebSocket, connectionsCheckingInterval: SLOW_CHECK_MS },
    (request, response) => {
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
          if (error instanceof LimitExceeded && !response.headersSent) return sendTooMany(response, error);
          log.error({ err: error }, "a request failed");
          if (!response.headersSent) sendUnavailable(response, correlationId);
          else response.destroy();
        });
      });
    },
  );
  server.on("connection", (socket) => strangers.admit(socket));
  server.headersTimeout = limits.headMs;
  server.requestTimeout = limits.requestMs;
  server.keepAliveTimeout = 65_000;
  return server;
}

/** Clients may offer other protocols (`curl --http2` offers h2c): those requests are answered as they are. */
function isWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === "websocket";
}

function sendNoScript(response: ServerResponse): void {
  const message = "With a session's cookie, send JSON (Content-Type: application/json), or the header X-Muster-CSRF.";
  sendError(response, 403, "CSRF_HEADER_MISSING", message);
}
