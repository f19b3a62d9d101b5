import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, InvalidInput } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import { identityEvent, whoValues } from "../identity-event.ts";
import { demandProof, ownAccount, type Proof } from "../own-account.ts";
import { type User, userColumns } from "../people/user.ts";
import { forgetCredentials } from "../recent-answers.ts";
import { endedSessionEvents, endSessionsOf } from "../sessions/ended-sessions.ts";

// $1–$4 who, $5 person, $6 version, $7 the session that stays
const disable = statement<User>(`
  with updated as (
    update users u set totp_enabled_at = null, totp_secret = null, totp_last_step = null, version = u.version + 1
    where u.id = $5 and u.version = $6 and u.totp_enabled_at is not null returning u.*),
  removed as (delete from recovery_codes r using updated u where r.user_id = u.id),
  ended as (${endSessionsOf("updated", "$7::uuid")}),
  happened as (
    ${identityEvent("updated", { type: "user.totp_disabled", payload: "jsonb_build_object('by', 'PERSON')" })}
    union all ${endedSessionEvents("ended", "TOTP_DISABLED")}),
  appended as (${appendEvents("happened")})
  select ${userColumns("updated")} from updated`);

/**
 * Turns the authenticator of the person who asks off, and ends their other sessions. They show their password, a code or a recovery
 * code. Throws `InvalidInput` when that is wrong or there is no authenticator, and `LimitExceeded` after too many attempts.
 */
export async function disableTotp(runtime: Runtime, caller: Caller, proof: Proof): Promise<User> {
  const person = await ownAccount(runtime, caller);
  if (!person.totpEnabled) throw new InvalidInput([{ path: [], message: "You have no authenticator to turn off." }]);
  await demandProof(runtime, person, proof);
  const values = [person.userId, person.version, caller.origin?.credentialId ?? null];
  const [updated] = await write(runtime, disable, [...whoValues(caller), ...values]);
  if (!updated) throw new Conflict("your account's version", String(person.version), "another");
  forgetCredentials(runtime.database, [person.userId]);
  return updated;
}
