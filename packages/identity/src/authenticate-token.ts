import { hash } from "node:crypto";
import type { Connection } from "@muster/database/database.ts";
import { type Actor, unitedGrants } from "@muster/domain/actor.ts";
import { parseAnyId } from "@muster/domain/ids.ts";
import type { Permission } from "@muster/domain/permissions.ts";
import { type Authenticated, earlier, type Freshness } from "./authenticated.ts";
import { authenticateAgentById } from "./authenticate-agent.ts";
import { authenticateKeyById } from "./authenticate.ts";
import { authenticateSessionById } from "./authenticate-session.ts";
import { policyOf } from "./authentication-policy.ts";
import { recentAnswer } from "./recent-answers.ts";
import { verifyToken } from "./tokens/access-token.ts";
import { tokenKey } from "./tokens/token-keys.ts";

/**
 * Whom a short-lived token stands for: whoever made it, with the permissions that it carries and that they still have. Null when it is not
 * ours, was changed, is for somebody else, has expired, or when the key, session or agent behind it no longer works. How recent the
 * answer is, `recentAnswer` says.
 */
export async function authenticateToken(
  database: Connection,
  token: string,
  freshness: Freshness = "RECENT",
): Promise<Authenticated | null> {
  return recentAnswer(database, hash("sha256", token), freshness, () => find(database, token));
}

async function find(database: Connection, token: string): Promise<Authenticated | null> {
  const issuer = policyOf(database).tokenIssuer;
  const claims = await verifyToken(token, { issuer, keyOf: (kid) => tokenKey(database, kid) });
  if (!claims) return null;
  const behind = await credentialBehind(database, claims.client_id);
  if (!behind || parseAnyId(claims.sub)?.uuid !== behind.actor.id) return null;
  const { ids, expiresAt } = behind.standing;
  return {
    ...behind,
    actor: limitedTo(behind.actor, new Set(claims.scope.split(" "))),
    standing: { ids, expiresAt: earlier(expiresAt, new Date(claims.exp * 1_000)) },
    isToken: true,
  };
}

async function credentialBehind(database: Connection, id: string): Promise<Authenticated | null> {
  const parsed = parseAnyId(id);
  switch (parsed?.kind) {
    case "apiKey":
      return authenticateKeyById(database, parsed.uuid);
    case "session":
      return authenticateSessionById(database, parsed.uuid);
    case "agent":
      return authenticateAgentById(database, parsed.uuid);
    default:
      return null;
  }
}

/** The actor with no more than these permissions, wherever it has them. */
function limitedTo(actor: Actor, scope: ReadonlySet<string>): Actor {
  const limited = (permissions: ReadonlySet<Permission>) =>
    new Set([...permissions].filter((permission) => scope.has(permission)));
  if (!actor.grants) return { ...actor, permissions: limited(actor.permissions) };
  const grants = actor.grants.map((grant) => ({ ...grant, permissions: limited(grant.permissions) }));
  return { ...actor, ...unitedGrants(grants) };
}
