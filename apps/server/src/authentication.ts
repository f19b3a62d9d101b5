import type { Database } from "@muster/database/database.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { type AgentCertificate, authenticateCertificate } from "@muster/identity/authenticate-agent.ts";
import { authenticate } from "@muster/identity/authenticate.ts";
import { authenticateSession } from "@muster/identity/authenticate-session.ts";
import { authenticateToken } from "@muster/identity/authenticate-token.ts";
import type { Authenticated, Freshness } from "@muster/identity/authenticated.ts";
import type { Standing } from "@muster/identity/credential-changes.ts";
import { noteUse } from "@muster/identity/last-used.ts";

/** No credentials, or none that are valid. Both answer the same. */
export const UNAUTHENTICATED = {
  message:
    "Sign in, or send an API key: Authorization: Bearer mst_…, or connectionParams.authorization on a WebSocket.",
  extensions: { code: "UNAUTHENTICATED" },
};

/** What a client shows to say who it is. */
export interface Credential {
  /** An API key, the token of a browser's session, a short-lived token, or an agent's certificate. */
  readonly kind: "KEY" | "SESSION" | "TOKEN" | "CERTIFICATE";
  /** Tells it from every other. */
  readonly secret: string;
  readonly certificate?: AgentCertificate;
}

/** Who asks, and what the answer hangs on. */
export interface AuthenticatedCaller {
  readonly caller: Caller;
  readonly standing: Standing;
}

/**
 * The credential of a request. An `authorization` that was sent decides, also when it is none; without one the certificate of the
 * connection, and without that the session of the browser. Nothing is taken from URLs.
 */
export function credentialOf(
  authorization: unknown,
  sessionToken: string | null,
  certificate: Credential | null = null,
): Credential | null {
  if (authorization === undefined) {
    return certificate ?? (sessionToken === null ? null : { kind: "SESSION", secret: sessionToken });
  }
  const secret = bearerOf(authorization);
  return secret === null ? null : { kind: secret.startsWith("eyJ") ? "TOKEN" : "KEY", secret };
}

/** The text behind `Bearer `, or null. */
export function bearerOf(authorization: unknown): string | null {
  if (typeof authorization !== "string") return null;
  return /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(authorization)?.[1] ?? null;
}

/** What a credential stands for; null when it does not work, or no longer. */
export async function actorFor(
  database: Database,
  { kind, secret, certificate }: Credential,
  freshness: Freshness = "RECENT",
): Promise<Authenticated | null> {
  switch (kind) {
    case "KEY":
      return authenticate(database, secret, freshness);
    case "SESSION":
      return authenticateSession(database, secret, freshness);
    case "TOKEN":
      return authenticateToken(database, secret, freshness);
    case "CERTIFICATE":
      return certificate ? authenticateCertificate(database, certificate, freshness) : null;
  }
}

/** The caller that a credential stands for, what that hangs on, or null. Counts as a use of the credential. */
export async function authenticated(
  database: Database,
  credential: Credential | null,
  correlationId: string,
  address: string | null = null,
): Promise<AuthenticatedCaller | null> {
  const found = credential && (await actorFor(database, credential));
  if (!found) return null;
  noteUse(database, found);
  const { actor, credentialId, standing, isToken } = found;
  const origin = { credentialId, address, ...(isToken ? { isToken } : {}) };
  return { caller: { actor, correlationId, origin }, standing };
}
