import type { Database } from "@muster/database/database.ts";
import type { Actor, Caller } from "@muster/domain/actor.ts";
import { authenticate } from "@muster/identity/authenticate.ts";
import { authenticateSession } from "@muster/identity/authenticate-session.ts";

/** No credentials, or none that are valid. Both answer the same. */
export const UNAUTHENTICATED = {
  message:
    "Sign in, or send an API key: Authorization: Bearer mst_…, or connectionParams.authorization on a WebSocket.",
  extensions: { code: "UNAUTHENTICATED" },
};

/** What a client shows to say who it is: an API key, or the token of a session. */
export interface Credential {
  readonly kind: "KEY" | "SESSION";
  readonly secret: string;
}

/**
 * The credential of a request. An `authorization` that was sent decides, also when it is none; only without one does the
 * session of the browser count. Nothing is taken from URLs.
 */
export function credentialOf(authorization: unknown, sessionToken: string | null): Credential | null {
  if (authorization === undefined) return sessionToken === null ? null : { kind: "SESSION", secret: sessionToken };
  const key = bearerOf(authorization);
  return key === null ? null : { kind: "KEY", secret: key };
}

/** The text behind `Bearer `, or null. */
export function bearerOf(authorization: unknown): string | null {
  if (typeof authorization !== "string") return null;
  return /^Bearer ([\x21-\x7e]{1,200})$/i.exec(authorization)?.[1] ?? null;
}

/** Whom a credential stands for; null when it does not work, or no longer. */
export function actorFor(database: Database, { kind, secret }: Credential): Promise<Actor | null> {
  return kind === "KEY" ? authenticate(database, secret) : authenticateSession(database, secret);
}

/** The caller that a credential stands for, or null. */
export async function callerOf(
  database: Database,
  credential: Credential | null,
  correlationId: string,
): Promise<Caller | null> {
  const actor = credential && (await actorFor(database, credential));
  return actor && { actor, correlationId };
}
