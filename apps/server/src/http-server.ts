import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Database } from "@muster/database/database.ts";
import type { Logger } from "pino";
import { callerOf, UNAUTHENTICATED } from "./authentication.ts";
import { correlationIdFrom, withCorrelation } from "./correlation.ts";
import { graphiqlPage } from "./graphiql-page.ts";
import { type Pipeline } from "./graphql-pipeline.ts";
import type { Health } from "./health.ts";

const SECURITY_HEADERS = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

interface HttpOptions {
  readonly database: Database;
  readonly pipeline: Pipeline;
  readonly health: Health;
  readonly log: Logger;
  /** The public id of the project that GraphiQL's first tabs speak of. */
  readonly demoProjectId: () => string | null;
}

/** The one origin: /graphql, /health and GraphiQL. It does not listen yet. */
export function createHttpServer({ database, pipeline, health, log, demoProjectId }: HttpOptions): Server {
  const answer = async (request: IncomingMessage, response: ServerResponse, correlationId: string): Promise<void> => {
    const path = (request.url ?? "/").split("?", 1)[0];
    switch (path) {
      case "/graphql": {
        const caller = await callerOf(database, request.headers.authorization, correlationId);
        if (!caller) return refuse(response);
        const gone = new AbortController();
        response.once("close", () => {
          if (!response.writableFinished) gone.abort();
        });
        return void (await pipeline.handle(request, response, { caller, gone: gone.signal }));
      }
      case "/graphiql":
        return sendGraphiql(response, graphiqlPage(demoProjectId()));
      case "/health/live":
        return sendJson(response, 200, { status: "live" });
      case "/health/ready": {
        const state = await health.readiness();
        return sendJson(response, state.ready ? 200 : 503, state);
      }
      case "/":
        response.writeHead(302, { location: "/graphiql" }).end();
        return;
      default:
        return sendJson(response, 404, {
          errors: [{ message: "There is nothing here. The API is at /graphql.", extensions: { code: "NOT_FOUND" } }],
        });
    }
  };

  const server = createServer((request, response) => {
    const correlationId = correlationIdFrom(request.headers["x-correlation-id"]);
    const started = performance.now();
    response.setHeader("x-correlation-id", correlationId);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    withCorrelation(correlationId, () => {
      response.once("close", () => {
        const path = (request.url ?? "/").split("?", 1)[0];
        log.debug(
          { method: request.method, path, status: response.statusCode, ms: Math.round(performance.now() - started) },
          "request",
        );
      });
      answer(request, response, correlationId).catch((error: unknown) => {
        log.error({ err: error }, "a request failed");
        if (!response.headersSent) unavailable(response, correlationId);
        else response.destroy();
      });
    });
  });
  server.headersTimeout = 15_000;
  server.requestTimeout = 60_000;
  server.keepAliveTimeout = 65_000;
  return server;
}

function refuse(response: ServerResponse): void {
  response.setHeader("www-authenticate", "Bearer");
  sendJson(response, 401, { errors: [UNAUTHENTICATED] });
}

function unavailable(response: ServerResponse, correlationId: string): void {
  response.setHeader("retry-after", "2");
  sendJson(response, 503, {
    errors: [
      {
        message: "Muster cannot answer right now. Try again in a few seconds.",
        extensions: { code: "UNAVAILABLE", correlationId },
      },
    ],
  });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
}

function sendGraphiql(response: ServerResponse, page: Buffer): void {
  response
    .writeHead(200, {
      "content-type": "text/html; charset=utf-8",
      "content-encoding": "gzip",
      "content-length": page.length,
      "content-security-policy":
        "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; worker-src blob:; style-src 'unsafe-inline'; img-src data: 'self'; font-src data:; connect-src 'self'; frame-ancestors 'none'",
    })
    .end(page);
}
