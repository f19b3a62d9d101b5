import { openSecret } from "@muster/database/sealed-secret.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, InvalidInput } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import { accountKey, admitAccount, clearAttempts } from "../attempts.ts";
import { identityEvent, whoValues } from "../identity-event.ts";
import { ownAccount } from "../own-account.ts";
import { hashRecoveryCode, newRecoveryCodes } from "./recovery-code.ts";
import { alreadyEnabled } from "./start-totp.ts";
import { totpStep } from "./totp.ts";

/** SQL: replaces the recovery codes of the people in the CTE `source` by the hashes `$6`. */
export const REPLACE_RECOVERY_CODES = `
  removed as (delete from recovery_codes r using updated u where r.user_id = u.id and r.hash <> all($6::text[])),
  coded as (insert into recovery_codes (user_id, hash) select u.id, hash from updated u cross join unnest($6::text[]) hash)`;

// $1–$4 who, $5 person, $6 hashes, $7 version, $8 step
const enable = statement<{ id: string }>(`
  with updated as (
    update users u set totp_enabled_at = clock_timestamp(), totp_last_step = $8, version = u.version + 1
    where u.id = $5 and u.version = $7 and u.totp_enabled_at is null and u.totp_secret is not null and u.disabled_at is null
    returning u.*),
  ${REPLACE_RECOVERY_CODES},
  happened as (${identityEvent("updated", { type: "user.totp_enabled" })}),
  appended as (${appendEvents("happened")})
  select id from updated`);

/**
 * Turns the authenticator on that `startTotp` began, once a code shows that it works, and gives the recovery codes: shown this once.
 * From now on every sign-in by password needs a code; this one is used up. Throws `InvalidInput` for a wrong code, and
 * `LimitExceeded` after too many.
 */
export async function confirmTotp(
  runtime: Runtime,
  caller: Caller,
  { code }: { readonly code: string },
): Promise<{ readonly recoveryCodes: readonly string[] }> {
  const person = await ownAccount(runtime, caller);
  if (person.totpEnabled) throw alreadyEnabled();
  const { encryptionKey } = runtime.settings;
  if (person.totpSecret === null || encryptionKey === null) {
    throw new InvalidInput([{ path: [], message: "Begin with startTotp: there is no authenticator to confirm." }]);
  }
  await admitAccount(runtime, accountKey(person));
  const secret = openSecret(encryptionKey, person.userId, person.totpSecret);
  const step = totpStep(secret, code.replaceAll(/\s/g, ""), person.now);
  if (step === null) {
    const message = "is not right. Check that the clock of your device is, and enter the newest code.";
    throw new InvalidInput([{ path: ["code"], message }]);
  }
  const recoveryCodes = newRecoveryCodes();
  const values = [person.userId, recoveryCodes.map(hashRecoveryCode), person.version, step];
  const enabled = await write(runtime, enable, [...whoValues(caller), ...values]);
  if (enabled.length === 0) throw new Conflict("your account's version", String(person.version), "another");
  await clearAttempts(runtime.database, accountKey(person));
  return { recoveryCodes };
}
