import type { ServerResponse } from "node:http";
import type { LimitExceeded } from "@muster/domain/errors.ts";
import { UNAUTHENTICATED } from "./authentication.ts";
import { secureOwn } from "./security-headers.ts";

/** Answers with JSON of the server's own. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  secureOwn(response);
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
}

/** Answers with one error, in the shape that GraphQL gives errors. `message` is a sentence that says what to do. */
export function sendError(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { errors: [{ message, extensions: { code } }] });
}

export function sendUnauthenticated(response: ServerResponse): void {
  response.setHeader("www-authenticate", "Bearer");
  sendJson(response, 401, { errors: [UNAUTHENTICATED] });
}

/** Answers that a limit is reached, and when to try again. */
export function sendTooMany(response: ServerResponse, { message, code, limit, retryAfterMs }: LimitExceeded): void {
  if (retryAfterMs !== null) response.setHeader("retry-after", String(Math.ceil(retryAfterMs / 1000)));
  sendJson(response, 429, { errors: [{ message, extensions: { code, limit, retryAfterMs } }] });
}

export function sendUnavailable(response: ServerResponse, correlationId: string): void {
  response.setHeader("retry-after", "2");
  const message = "Muster cannot answer right now. Try again in a few seconds.";
  sendJson(response, 503, { errors: [{ message, extensions: { code: "UNAVAILABLE", correlationId } }] });
}
