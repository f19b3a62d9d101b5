import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { parseApiKey } from "@muster/domain/api-key.ts";
import { LIVE_KEYS } from "./live-key.ts";
import { type LinkRefusal, SignInRefused } from "./sign-in-refused.ts";
import { hashToken, newToken } from "./token.ts";

export interface Session {
  /** For the browser's cookie; the database holds its hash. */
  readonly token: string;
  readonly expiresAt: Date;
}

interface SessionRow {
  readonly expiresAt: Date;
}

/** SQL: starts the session with the hash $1 for the key that `by` selects; removes up to 100 that have expired. */
const startSession = (by: string) => `
  removed as (
    delete from sessions where hash in (
      select hash from sessions where expires_at < clock_timestamp()
      order by expires_at limit 100 for update skip locked))
  insert into sessions (hash, api_key_id, expires_at)
  select $1, api_key_id, clock_timestamp() + interval '30 days' from ${by}
  returning expires_at as "expiresAt"`;

/** Of several that use a link at once, the first locks its row, and the others find it used. */
const startByLink = statement<SessionRow>(`
  with used as (
    update sign_in_links l set used_at = clock_timestamp()
    where l.hash = $2 and l.used_at is null and l.expires_at > clock_timestamp()
      and exists (select from ${LIVE_KEYS} k where k.id = l.api_key_id)
    returning l.api_key_id),
  ${startSession("used")}`);

const startByKey = statement<SessionRow>(`
  with live as (select k.id as api_key_id from ${LIVE_KEYS} k where k.id = $2 and k.kind = $3 and k.hash = $4),
  ${startSession("live")}`);

const whyRefused = statement<{ refusal: LinkRefusal }>(`
  select case when used_at is not null then 'LINK_USED' when expires_at <= clock_timestamp() then 'LINK_EXPIRED'
    else 'LINK_REVOKED' end as refusal
  from sign_in_links where hash = $1`);

/**
 * Starts a session of 30 days for the key that the link with this token stands for; the link works once. Throws
 * `SignInRefused` when it is unknown, used or expired, or its key no longer works.
 */
export async function signInByLink(database: Connection, link: string): Promise<Session> {
  const hash = hashToken(link);
  if (hash === null) throw new SignInRefused("LINK_UNKNOWN");
  const token = newToken();
  const [session] = await database.run(startByLink, [hashToken(token), hash]);
  if (session) return { token, expiresAt: session.expiresAt };
  const [row] = await database.run(whyRefused, [hash]);
  throw new SignInRefused(row?.refusal ?? "LINK_UNKNOWN");
}

/** Starts a session of 30 days for this API key. Throws `SignInRefused` when the key does not work. */
export async function signInByKey(database: Connection, key: string): Promise<Session> {
  const parsed = parseApiKey(key);
  if (!parsed) throw new SignInRefused("KEY_REFUSED");
  const token = newToken();
  const [session] = await database.run(startByKey, [hashToken(token), parsed.id, parsed.kind, parsed.hash]);
  if (!session) throw new SignInRefused("KEY_REFUSED");
  return { token, expiresAt: session.expiresAt };
}
