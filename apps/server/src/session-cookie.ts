import type { IncomingMessage } from "node:http";
import { parseCookie, stringifySetCookie } from "cookie";
import { originOf, protocolOf } from "./request-origin.ts";

type Request = Pick<IncomingMessage, "headers"> & Partial<Pick<IncomingMessage, "socket">>;

const NAME = "muster_session";
/** Browsers take a cookie with this in front from https alone, for this host alone: no neighbour under the same domain can plant one. */
const SECURE = "__Host-";

/**
 * Browsers share cookies between all ports of a host. With the port in its name, two Musters on one machine do not sign
 * each other out.
 */
function nameFor(request: Request): string {
  const port = originOf(request)?.port ?? "";
  return `${protocolOf(request) === "https" ? SECURE : ""}${NAME}${port === "" ? "" : `_${port}`}`;
}

/** The session's token in the request's cookies; null when there is none. Says nothing about who sent the request. */
export function sessionTokenIn(request: Request): string | null {
  return parseCookie(request.headers.cookie ?? "")[nameFor(request)] ?? null;
}

/** The Set-Cookie header that hands a new session to the browser that sent the request. */
export function sessionCookie(request: Request, token: string, expiresAt: Date): string {
  const maxAge = Math.max(0, Math.floor((expiresAt.getTime() - Date.now()) / 1_000));
  return setCookie(request, token, maxAge);
}

/** The Set-Cookie header that takes the session away. */
export function clearedSessionCookie(request: Request): string {
  return setCookie(request, "", 0);
}

/** A Cookie header without any session, this origin's or another port's; undefined when nothing is left. */
export function withoutSessions(cookie: string): string | undefined {
  const others = Object.entries(parseCookie(cookie, { decode: (value) => value }))
    .filter(([name]) => !name.replace(SECURE, "").startsWith(NAME))
    // As they were sent: what is read as a cookie is not always one that may be written.
    .map(([name, value]) => `${name}=${value}`);
  return others.length === 0 ? undefined : others.join("; ");
}

function setCookie(request: Request, value: string, maxAge: number): string {
  const secure = protocolOf(request) === "https";
  return stringifySetCookie({
    name: nameFor(request),
    value,
    maxAge,
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure,
  });
}
