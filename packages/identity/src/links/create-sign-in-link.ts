import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { parseApiKey } from "@muster/domain/api-key.ts";
import { LIVE_KEYS } from "../live-key.ts";
import { FIRST_ADMIN_ID } from "../people/create-first-admin.ts";
import { hashToken, newToken } from "../token.ts";

export interface SignInLink {
  /** Shown once; the database holds its hash. */
  readonly token: string;
  readonly expiresAt: Date;
}

/**
 * An admin key can do all that the first admin can, so its links are for that person: they have a name in the log and a profile.
 * Expired links stay for another day, so that whoever opens one is told so. Each new link removes up to 100 older ones.
 */
const insertLink = statement<{ expiresAt: Date }>(`
  with removed as (
    delete from sign_in_links where hash in (
      select hash from sign_in_links where expires_at < clock_timestamp() - interval '1 day'
      order by expires_at limit 100 for update skip locked)),
  person as (
    select u.id from users u join memberships m on m.user_id = u.id
    where u.id = $5 and u.disabled_at is null and m.workspace_id is null and m.role = 'ADMIN' and $3 = 'admin')
  insert into sign_in_links (hash, user_id, api_key_id, expires_at)
  select $1, (select id from person), case when not exists (select from person) then k.id end, clock_timestamp() + interval '1 hour'
  from ${LIVE_KEYS} k where k.id = $2 and k.kind = $3 and k.hash = $4
  returning expires_at as "expiresAt"`);

/**
 * Makes a link that signs in once, within an hour: with an admin key as the first admin, as long as that person is one; with another
 * key as its own actor. Null when the key does not work, as in `authenticate`.
 */
export async function createSignInLink(database: Connection, key: string): Promise<SignInLink | null> {
  const parsed = parseApiKey(key);
  if (!parsed) return null;
  const token = newToken();
  const values = [hashToken(token), parsed.id, parsed.kind, parsed.hash, FIRST_ADMIN_ID];
  const [link] = await database.run(insertLink, values);
  return link ? { token, expiresAt: link.expiresAt } : null;
}
