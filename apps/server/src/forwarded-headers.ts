import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { protocolOf } from "./request-origin.ts";
import { withoutSessions } from "./session-cookie.ts";

/** Headers that speak of one connection, and that a proxy does not pass on (RFC 9110, 7.6.1). */
const HOP_BY_HOP = [
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "upgrade",
];

/**
 * The headers of a request as the console gets them: without what proves who asks, which it does not need, without what
 * speaks of the client's connection, and with where the request came from.
 */
export function forwardedHeaders(request: IncomingMessage): IncomingHttpHeaders {
  const { authorization: _authorization, cookie, expect: _expect, ...headers } = request.headers;
  dropHopByHop(headers);
  const others = cookie === undefined ? undefined : withoutSessions(cookie);
  if (others !== undefined) headers.cookie = others;
  const before = request.headers["x-forwarded-for"];
  const address = request.socket.remoteAddress ?? "unknown";
  headers["x-forwarded-for"] = before === undefined ? address : `${String(before)}, ${address}`;
  headers["x-forwarded-host"] = request.headers.host ?? "localhost";
  headers["x-forwarded-proto"] = protocolOf(request);
  return headers;
}

/** The headers of an answer of the console as the client gets them. `mine` are the server's to set. */
export function returnedHeaders(answer: IncomingMessage, mine: readonly string[]): IncomingHttpHeaders {
  const headers = { ...answer.headers };
  dropHopByHop(headers);
  // How this answer is framed depends on the client's version of HTTP.
  delete headers["transfer-encoding"];
  for (const name of mine) delete headers[name];
  return headers;
}

/** Removes in place what speaks of one connection, and what its Connection header names. The framing of the body stays. */
function dropHopByHop(headers: IncomingHttpHeaders): void {
  const named = (headers.connection ?? "").split(",").map((name) => name.trim().toLowerCase());
  for (const name of [...HOP_BY_HOP, ...named]) {
    if (name !== "transfer-encoding" && name !== "content-length") delete headers[name];
  }
  delete headers.connection;
}
