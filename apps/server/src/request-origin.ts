import type { IncomingMessage } from "node:http";

type Request = Pick<IncomingMessage, "headers">;

/** https when the request came so to the proxy in front that ends TLS; this process itself speaks http only. */
export function protocolOf({ headers }: Request): "http" | "https" {
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

/** Compares hosts, not schemes: a proxy in front that ends TLS need not say so. "null" and other texts are no origins. */
function isThisOrigin({ headers }: Request, origin: string): boolean {
  const theirs = URL.parse(origin);
  if (theirs === null || theirs.host === "") return false;
  return URL.parse(`${theirs.protocol}//${headers.host ?? ""}`)?.host === theirs.host;
}
