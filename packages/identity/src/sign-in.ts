import { statement } from "@muster/database/statement.ts";
import { parseApiKey } from "@muster/domain/api-key.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import { LIVE_KEYS } from "./live-key.ts";
import { holderOfLink, linkRefusal } from "./links/link-refusal.ts";
import {
  HOLDER_OF_KEY,
  HOLDER_OF_USER,
  sessionStart,
  type SignInOrigin,
  type StartedRow,
  type StartedSession,
  startValues,
} from "./sessions/session-start.ts";
import { type Claimed, orRecord } from "./refused-sign-in.ts";
import { SignInRefused } from "./sign-in-refused.ts";
import { hashToken } from "./token.ts";

// Of several that use a link at once, the first locks its row, and the others find it used. The person is locked before the link, as
// by whatever else changes both.
const startByLink = statement<StartedRow>(`
  with person as materialized (
    select u.id from sign_in_links l join users u on u.id = l.user_id where l.hash = $8 and u.disabled_at is null
    for no key update of u),
  used as (
    update sign_in_links l set used_at = clock_timestamp()
    where l.hash = $8 and l.purpose = 'SIGN_IN' and l.used_at is null and l.expires_at > clock_timestamp()
      and (exists (select from ${LIVE_KEYS} k where k.id = l.api_key_id)
        or exists (select from person p where p.id = l.user_id))
    returning l.api_key_id, l.user_id),
  signed as (
    update users u set last_signed_in_at = clock_timestamp() from used where u.id = used.user_id returning u.*),
  holder as (
    select ${HOLDER_OF_USER} from signed u
    union all select ${HOLDER_OF_KEY} from used join ${LIVE_KEYS} k on k.id = used.api_key_id),
  ${sessionStart()}`);

const startByKey = statement<StartedRow>(`
  with holder as (select ${HOLDER_OF_KEY} from ${LIVE_KEYS} k where k.id = $8 and k.kind = $9 and k.hash = $10),
  ${sessionStart()}`);

/**
 * Starts a session for the person or key that the link with this token stands for; the link works once. Throws `SignInRefused`
 * when it is unknown, used or expired, its person or key no longer works, or it is for choosing a password.
 */
export async function signInByLink(runtime: Runtime, link: string, origin: SignInOrigin): Promise<StartedSession> {
  const hash = hashToken(link);
  if (hash === null) throw new SignInRefused("LINK_UNKNOWN");
  return orRecord(
    runtime,
    () => holderOfLink(runtime.database, hash),
    origin,
    async () => {
      const { values, started } = startValues(runtime, "LINK", origin);
      const [row] = await write(runtime, startByLink, [...values, hash]);
      if (!row) throw new SignInRefused(await linkRefusal(runtime.database, hash, ["SIGN_IN"]));
      return started(row);
    },
  );
}

const keyById = statement<{ apiKeyId: string }>(`select id as "apiKeyId" from api_keys where id = $1`);

async function knownKey({ database }: Runtime, id: string): Promise<Claimed> {
  const [key] = await database.run(keyById, [id]);
  return key ?? {};
}

/** Starts a session for this API key. Throws `SignInRefused` when the key does not work. */
export async function signInByKey(runtime: Runtime, key: string, origin: SignInOrigin): Promise<StartedSession> {
  const parsed = parseApiKey(key);
  if (!parsed) throw new SignInRefused("KEY_REFUSED");
  return orRecord(
    runtime,
    () => knownKey(runtime, parsed.id),
    origin,
    async () => {
      const { values, started } = startValues(runtime, "KEY", origin);
      const [row] = await write(runtime, startByKey, [...values, parsed.id, parsed.kind, parsed.hash]);
      if (!row) throw new SignInRefused("KEY_REFUSED");
      return started(row);
    },
  );
}
