import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { parseApiKey } from "@muster/domain/api-key.ts";
import { LIVE_KEYS } from "./live-key.ts";
import { hashToken, newToken } from "./token.ts";

export interface SignInLink {
  /** Shown once; the database holds its hash. */
  readonly token: string;
  readonly expiresAt: Date;
}

/** Expired links stay for another day, so that whoever opens one is told so. Each new link removes up to 100 older ones. */
const insertLink = statement<{ expiresAt: Date }>(`
  with removed as (
    delete from sign_in_links where hash in (
      select hash from sign_in_links where expires_at < clock_timestamp() - interval '1 day'
      order by expires_at limit 100 for update skip locked))
  insert into sign_in_links (hash, api_key_id, expires_at)
  select $1, k.id, clock_timestamp() + interval '1 hour'
  from ${LIVE_KEYS} k where k.id = $2 and k.kind = $3 and k.hash = $4
  returning expires_at as "expiresAt"`);

/**
 * Makes a link that signs in once, within an hour, as the actor of this very API key. Null when the key does not work, as
 * in `authenticate`.
 */
export async function createSignInLink(database: Connection, key: string): Promise<SignInLink | null> {
  const parsed = parseApiKey(key);
  if (!parsed) return null;
  const token = newToken();
  const [link] = await database.run(insertLink, [hashToken(token), parsed.id, parsed.kind, parsed.hash]);
  return link ? { token, expiresAt: link.expiresAt } : null;
}
