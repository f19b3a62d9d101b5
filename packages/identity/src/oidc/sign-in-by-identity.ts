import { statement } from "@muster/database/statement.ts";
import type { Role } from "@muster/domain/roles.ts";
import { appendEvents } from "@muster/events/append.ts";
import { systemCaller } from "@muster/operations/authorize.ts";
import { newId } from "@muster/operations/new-id.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import { identityEvent, whoValues } from "../identity-event.ts";
import { membershipEvents } from "../memberships/membership.ts";
import type { SignInOrigin, StartedSession } from "../sessions/session-start.ts";
import { startSession } from "../sessions/start-session.ts";
import { email as emailShape } from "../people/email.ts";
import { recordRefusal } from "../refused-sign-in.ts";
import type { OidcIdentity } from "./oidc-provider.ts";
import { OidcRefused } from "./oidc-refused.ts";

const knownUser = statement<{ userId: string }>(
  `select user_id as "userId" from user_identities where issuer = $1 and subject = $2`,
);

const IDENTITY = "jsonb_build_object('issuer', $5::text, 'subject', $6::text)";

/** Only somebody who has no identity at the issuer yet: an address that now belongs to another person there opens nobody's account. */
const linkInvited = statement<{ userId: string }>(`
  with linked as (
    insert into user_identities (issuer, subject, user_id, email)
    select $5, $6, u.id, $7 from users u
    where lower(u.email) = lower($7) and u.disabled_at is null and not exists (select from user_identities i where i.user_id = u.id and i.issuer = $5)
    on conflict do nothing returning user_id),
  changed as (update users u set version = u.version + 1 from linked where u.id = linked.user_id returning u.*),
  happened as (${identityEvent("changed", {
    type: "user.updated",
    payload: `jsonb_build_object('before', jsonb_build_object('identity', null), 'after', jsonb_build_object('identity', ${IDENTITY}))`,
  })}),
  appended as (${appendEvents("happened")})
  select user_id as "userId" from linked`);

const admitStranger = statement<{ userId: string }>(`
  with person as (
    insert into users (id, email, name) select $8, $7, $9 where not exists (select from user_identities where issuer = $5 and subject = $6)
    on conflict (lower(email)) do nothing returning *),
  linked as (insert into user_identities (issuer, subject, user_id, email) select $5, $6, id, $7 from person),
  granted as (insert into memberships (id, user_id, role) select $10, id, $11 from person returning *),
  happened as (
    ${identityEvent("person", {
      type: "user.created",
      payload: `jsonb_build_object('after', jsonb_build_object('email', email, 'name', name, 'identity', ${IDENTITY}))`,
    })}
    union all ${membershipEvents("granted", {
      type: "membership.granted",
      before: "null",
      after: "role",
      name: "(select name from person)",
    })}),
  appended as (${appendEvents("happened")})
  select id as "userId" from person`);

/**
 * Starts a session for whom a provider has told us of: who came before by issuer and subject; who was invited by the address, which the
 * provider has checked, once; and with `defaultRole` everybody else, who gets that role in the whole installation. Throws `OidcRefused`.
 */
export async function signInByIdentity(
  runtime: Runtime,
  identity: OidcIdentity,
  defaultRole: Role | null,
  origin: SignInOrigin,
): Promise<StartedSession> {
  let userId: string | null = null;
  try {
    userId = await userOf(runtime, identity, defaultRole, origin);
    const session = await startSession(runtime, { userId, by: "OIDC" }, origin);
    if (!session) throw new OidcRefused("OIDC_NOT_INVITED");
    return session;
  } catch (error) {
    if (error instanceof OidcRefused) await recordRefusal(runtime, { userId }, error, origin);
    throw error;
  }
}

async function userOf(
  runtime: Runtime,
  { issuer, subject, email, name }: OidcIdentity,
  defaultRole: Role | null,
  { correlationId, address }: SignInOrigin,
): Promise<string> {
  const [known] = await runtime.database.run(knownUser, [issuer, subject]);
  if (known) return known.userId;
  if (email === null || !emailShape.safeParse(email).success) throw new OidcRefused("OIDC_EMAIL_UNVERIFIED");
  const caller = { ...systemCaller("single sign-on"), correlationId, origin: { credentialId: null, address } };
  const values = [...whoValues(caller), issuer, subject, email];
  const [invited] = await write(runtime, linkInvited, values);
  if (invited) return invited.userId;
  if (defaultRole === null) throw new OidcRefused("OIDC_NOT_INVITED");
  const shownName = (name ?? email.split("@")[0] ?? email).toWellFormed().replaceAll("\0", "").slice(0, 200);
  const [admitted] = await write(runtime, admitStranger, [...values, newId(), shownName, newId(), defaultRole]);
  if (!admitted) throw new OidcRefused("OIDC_NOT_INVITED");
  return admitted.userId;
}
