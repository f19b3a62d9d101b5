import type { IncomingMessage, ServerResponse } from "node:http";

const METHODS = "GET, POST";
const REQUEST_HEADERS = "authorization, content-type, last-event-id, x-correlation-id, x-muster-csrf";
const RESPONSE_HEADERS = "retry-after, x-correlation-id";
const PREFLIGHT_SECONDS = "600";

/**
 * Lets pages of the allowed origins ask the API, with a key of their own: cookies of theirs never count, and no origin but these may
 * read an answer. Gives true when it was the browser's question beforehand, which is answered then.
 */
export function allowCors(request: IncomingMessage, response: ServerResponse, allowed: readonly string[]): boolean {
  if (allowed.length === 0) return false;
  const { origin } = request.headers;
  response.appendHeader("vary", "origin");
  const isAllowed = origin !== undefined && allowed.includes(origin);
  if (isAllowed) {
    response.setHeader("access-control-allow-origin", origin);
    response.setHeader("access-control-expose-headers", RESPONSE_HEADERS);
  }
  if (request.method !== "OPTIONS" || request.headers["access-control-request-method"] === undefined) return false;
  if (isAllowed) {
    response.setHeader("access-control-allow-methods", METHODS);
    response.setHeader("access-control-allow-headers", REQUEST_HEADERS);
    response.setHeader("access-control-max-age", PREFLIGHT_SECONDS);
  }
  response.writeHead(204).end();
  return true;
}
