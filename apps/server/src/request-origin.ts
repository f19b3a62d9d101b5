import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";

type Request = Pick<IncomingMessage, "headers"> & Partial<Pick<IncomingMessage, "socket">>;

/** https when the request came so to this process, or to the proxy in front that ends TLS. */
export function protocolOf({ headers, socket }: Request): "http" | "https" {
  if (socket instanceof TLSSocket) return "https";
  const forwarded = headers["x-forwarded-proto"];
  const first = (Array.isArray(forwarded) ? forwarded[0] : forwarded)?.split(",", 1)[0]?.trim().toLowerCase();
  return first === "https" || first === "wss" ? "https" : "http";
}

/** The origin under which the client reached us; null when its Host header is none. */
export function originOf(request: Request): URL | null {
  return URL.parse(`${protocolOf(request)}://${request.headers.host ?? "localhost"}`);
}

/**
 * Whether the page that sent this request is of this origin, as the browser says. Scripts cannot forge these headers.
 * Without Origin (a GET of the same origin) Sec-Fetch-Site has to say it; a request with neither shows nothing.
 */
export function isOfThisOrigin(request: Request): boolean {
  const { origin } = request.headers;
  if (origin !== undefined) return isThisOrigin(request, origin);
  return request.headers["sec-fetch-site"] === "same-origin";
}

/** Whether a browser says that a page of another origin sent this. Programs, which say nothing, are not foreign. */
export function isForeign(request: Request): boolean {
  const { origin, "sec-fetch-site": site } = request.headers;
  if (origin !== undefined) return !isThisOrigin(request, origin);
  return site !== undefined && site !== "same-origin" && site !== "none";
}

/**
 * Whether a request that changes something shows that a script sent it, not a form or a link of any page: by its type or by a header of
 * ours, which no page of another origin can send unasked. A second line behind the Origin, for what a cookie identifies.
 */
export function isSentByScript({ method, headers }: Pick<IncomingMessage, "method" | "headers">): boolean {
  if (method === "GET" || method === "HEAD") return true;
  if (headers["x-muster-csrf"] !== undefined) return true;
  return headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase() === "application/json";
}

/** Compares hosts, not schemes: a proxy in front that ends TLS need not say so. "null" and other texts are no origins. */
function isThisOrigin({ headers }: Request, origin: string): boolean {
  const theirs = URL.parse(origin);
  if (theirs === null || theirs.host === "") return false;
  return URL.parse(`${theirs.protocol}//${headers.host ?? ""}`)?.host === theirs.host;
}
