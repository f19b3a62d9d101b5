import type { Connection } from "@muster/database/database.ts";
import { type Statement, statement } from "@muster/database/statement.ts";
import { type Authenticated, endOf, type Freshness } from "./authenticated.ts";
import { policyOf } from "./authentication-policy.ts";
import { actorOf, idsOf, LIVE_KEY_COLUMNS, LIVE_KEYS, type LiveKey, remainingMs } from "./live-key.ts";
import { LIVE_USER_COLUMNS, LIVE_USERS, type LiveUser, mayGainProjects, userActor } from "./live-user.ts";
import { recentAnswer } from "./recent-answers.ts";
import { hashToken } from "./token.ts";

/** SQL: when a session ends that is not used any more; $2 is the policy's. */
const IDLE_END = "coalesce(s.last_used_at, s.created_at) + make_interval(secs => $2::float8 / 1000)";

interface OfSession {
  readonly sessionId: string;
  readonly sessionRemainingMs: number;
}
/** A session is either a person's or a key's. */
type LiveSession = OfSession & (LiveUser | (LiveKey & { readonly userId: null }));

const sessionBy = (column: string) =>
  statement<LiveSession>(`
  select s.id as "sessionId", ${remainingMs(`least(s.expires_at, ${IDLE_END})`)} as "sessionRemainingMs",
    ${LIVE_USER_COLUMNS}, ${LIVE_KEY_COLUMNS}
  from sessions s left join ${LIVE_USERS} u on u.id = s.user_id left join ${LIVE_KEYS} k on k.id = s.api_key_id
  where s.${column} = $1 and s.ended_at is null and s.expires_at > clock_timestamp() and ${IDLE_END} > clock_timestamp()
    and (u.id is not null or k.id is not null)`);

const sessionByHash = sessionBy("hash");
const sessionById = sessionBy("id");

/**
 * Whom the session with this token acts for: a person with their roles, or the actor of an API key. Null when it is unknown, ended,
 * expired or idle for too long, the person is disabled, or the key no longer works. How recent the answer is, `recentAnswer` says.
 */
export async function authenticateSession(
  database: Connection,
  token: string,
  freshness: Freshness = "RECENT",
): Promise<Authenticated | null> {
  const hash = hashToken(token);
  return hash === null ? null : recentAnswer(database, hash, freshness, () => find(database, sessionByHash, hash));
}

/** Whom the session with this id stands for, for what was made with it: the token of someone who was signed in. */
export function authenticateSessionById(database: Connection, id: string): Promise<Authenticated | null> {
  return find(database, sessionById, id);
}

async function find(database: Connection, by: Statement<LiveSession>, value: string): Promise<Authenticated | null> {
  const askedAt = Date.now();
  const [session] = await database.run(by, [value, policyOf(database).idleMs]);
  if (!session) return null;
  const { sessionId, sessionRemainingMs } = session;
  if (session.userId !== null) {
    const standing = { ids: [sessionId, session.userId], expiresAt: endOf(askedAt, sessionRemainingMs) };
    return { actor: userActor(session), credentialId: sessionId, standing, brief: mayGainProjects(session) };
  }
  const actor = actorOf(session);
  const remaining = Math.min(sessionRemainingMs, session.remainingMs ?? Number.POSITIVE_INFINITY);
  return (
    actor && {
      actor,
      credentialId: sessionId,
      standing: { ids: [sessionId, ...idsOf(session)], expiresAt: endOf(askedAt, remaining) },
    }
  );
}
