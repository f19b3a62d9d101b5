import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Actor } from "@muster/domain/actor.ts";
import { actorOf, LIVE_KEY_COLUMNS, LIVE_KEYS, type LiveKey } from "./live-key.ts";
import { recentAnswer } from "./recent-answers.ts";
import { hashToken } from "./token.ts";

const keyOfSession = statement<LiveKey>(`
  select ${LIVE_KEY_COLUMNS} from sessions s join ${LIVE_KEYS} k on k.id = s.api_key_id
  where s.hash = $1 and s.ended_at is null and s.expires_at > clock_timestamp()`);

/**
 * Whom the session with this token acts for: the actor of its API key. Null when it is unknown, ended or expired, or its
 * key no longer works. Answers may be up to a second old, but not older than an `endSession` of this process.
 */
export async function authenticateSession(database: Connection, token: string): Promise<Actor | null> {
  const hash = hashToken(token);
  if (hash === null) return null;
  return recentAnswer(database, hash, async () => {
    const [key] = await database.run(keyOfSession, [hash]);
    return key ? actorOf(key) : null;
  });
}
