import type { IncomingMessage, ServerResponse } from "node:http";
import type { BlockList } from "node:net";
import type { SignInOrigin, StartedSession } from "@muster/identity/sessions/session-start.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { clientAddress } from "../client-address.ts";
import type { OpenConnections } from "../open-connections.ts";
import { isOfThisOrigin } from "../request-origin.ts";
import { secureOwn } from "../security-headers.ts";
import { sessionCookie, sessionTokenIn } from "../session-cookie.ts";

export interface AuthOptions {
  readonly runtime: Runtime;
  readonly connections: OpenConnections;
  readonly trustedProxies: BlockList;
  /** The origin under which people reach the server; null: the one that they asked for. */
  readonly publicUrl: string | null;
}

/** A request below /auth. `body` is the JSON of a POST, null for a GET. */
export interface AuthRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly body: unknown;
}

/** What answers one path, or all that match. What it throws of SignInRefused, LimitExceeded, InvalidInput and BodyRefused is answered for it. */
export interface AuthRoute {
  readonly method: "GET" | "POST";
  readonly path: string | RegExp;
  readonly answer: (request: AuthRequest) => Promise<void>;
}

/** Where a request to sign in comes from, and the session that its browser has until now. */
export function signInOriginOf({ request, response }: AuthRequest, trustedProxies: BlockList): SignInOrigin {
  const correlationId = response.getHeader("x-correlation-id");
  return {
    correlationId: typeof correlationId === "string" ? correlationId : null,
    address: clientAddress(request, trustedProxies),
    userAgent: request.headers["user-agent"] ?? null,
    // The cookie of a request that does not show that our own page sent it counts for nothing.
    replaces: isOfThisOrigin(request) ? sessionTokenIn(request) : null,
  };
}

/** Hands a new session to the browser; the connections of the one that it had close. */
export function handOver(
  { request, response }: Pick<AuthRequest, "request" | "response">,
  { token, expiresAt }: StartedSession,
  { replaces }: SignInOrigin,
  connections: OpenConnections,
): void {
  if (replaces !== null) connections.end(replaces);
  response.setHeader("set-cookie", sessionCookie(request, token, expiresAt));
}

export function sendNothing(response: ServerResponse): void {
  secureOwn(response);
  response.writeHead(204).end();
}
