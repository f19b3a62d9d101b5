import { statement } from "@muster/database/statement.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import { accountKey, admitAccount, clearAttempts } from "../attempts.ts";
import { identityEvent } from "../identity-event.ts";
import { holderOfLink, linkRefusal } from "../links/link-refusal.ts";
import { credentialsByPasswordLink } from "../people/credentials.ts";
import { forgetCredentials } from "../recent-answers.ts";
import { orRecord } from "../refused-sign-in.ts";
import { endedSessionEvents, endSessionsOf } from "../sessions/ended-sessions.ts";
import {
  HOLDER_OF_USER,
  SIGNED_IN_WHO,
  sessionStart,
  type SignInOrigin,
  type StartedRow,
  type StartedSession,
  startValues,
} from "../sessions/session-start.ts";
import { SignInRefused } from "../sign-in-refused.ts";
import { takeCode } from "../totp/take-code.ts";
import { hashToken } from "../token.ts";
import { hashPassword } from "./password-hash.ts";
import { refuseWeakPassword } from "./password-rules.ts";

const PURPOSES = ["INVITATION", "PASSWORD_RESET"] as const;

// The person is locked before the link, as by whatever else changes both. The link is used, all other links to a password are void, and whoever was signed in is not any more, all at once.
const setAndStart = statement<StartedRow>(`
  with person as materialized (
    select u.id from sign_in_links l join users u on u.id = l.user_id
    where l.hash = $8 and u.disabled_at is null and u.version = $10 for no key update of u),
  used as (
    update sign_in_links l set used_at = clock_timestamp()
    where l.hash = $8 and l.purpose in ('INVITATION', 'PASSWORD_RESET') and l.used_at is null and l.expires_at > clock_timestamp()
      and exists (select from person p where p.id = l.user_id)
    returning l.user_id),
  signed as (
    update users u set password_hash = $9, version = u.version + 1, last_signed_in_at = clock_timestamp()
    from used where u.id = used.user_id returning u.*),
  voided as (
    update sign_in_links l set expires_at = least(l.expires_at, clock_timestamp()) from signed
    where l.user_id = signed.id and l.used_at is null and l.hash <> $8),
  holder as (select ${HOLDER_OF_USER} from signed u),
  ended as (${endSessionsOf("signed", "(select s.id from sessions s where s.hash = $4)")}),
  ${sessionStart([
    identityEvent("signed join holder on true", {
      type: "user.password_changed",
      subject: "signed.id",
      version: "signed.version",
      payload: "jsonb_build_object('by', 'LINK')",
      who: SIGNED_IN_WHO,
    }),
    endedSessionEvents("ended", "PASSWORD_CHANGED", { beside: "holder", who: SIGNED_IN_WHO }),
  ])}`);

/**
 * Sets the password of the person whom an invitation or a reset link stands for, and signs them in. The link works once; their other
 * sessions and links end. Throws `SignInRefused` for a link that does not work, and when the person's authenticator has to be asked:
 * the link is not used up then. Throws `InvalidInput` for a password that is easy to guess, `LimitExceeded` for too many codes.
 */
export async function setPasswordByLink(
  runtime: Runtime,
  {
    link,
    newPassword,
    code,
  }: { readonly link: string; readonly newPassword: string; readonly code?: string | undefined },
  origin: SignInOrigin,
): Promise<StartedSession> {
  const { database } = runtime;
  const hash = hashToken(link);
  if (hash === null) throw new SignInRefused("LINK_UNKNOWN");
  return orRecord(
    runtime,
    () => holderOfLink(database, hash),
    origin,
    async () => {
      const person = await credentialsByPasswordLink(database, hash);
      if (!person) throw new SignInRefused(await linkRefusal(database, hash, PURPOSES));
      await refuseWeakPassword(newPassword, person);
      if (person.totpEnabled) {
        if (code === undefined) throw new SignInRefused("TOTP_REQUIRED");
        await admitAccount(runtime, accountKey(person));
        if (!(await takeCode(runtime, person, code))) throw new SignInRefused("CODE_REFUSED");
      }
      const { values, started } = startValues(runtime, "PASSWORD_LINK", origin);
      const passwordHash = await hashPassword(newPassword);
      const [row] = await write(runtime, setAndStart, [...values, hash, passwordHash, person.version]);
      if (!row) throw new SignInRefused(await linkRefusal(database, hash, PURPOSES));
      forgetCredentials(database, [person.userId]);
      await clearAttempts(database, accountKey(person));
      return started(row);
    },
  );
}
