import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, InvalidInput } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import { identityEvent, whoValues } from "../identity-event.ts";
import { demandProof, ownAccount, type Proof } from "../own-account.ts";
import { REPLACE_RECOVERY_CODES } from "./confirm-totp.ts";
import { hashRecoveryCode, newRecoveryCodes } from "./recovery-code.ts";

// $1–$4 who, $5 person, $6 hashes. The lock on the person's row keeps two at once from leaving the codes of both.
const replaceCodes = statement<{ id: string }>(`
  with updated as (
    update users u set version = u.version + 1 where u.id = $5 and u.version = $7 and u.totp_enabled_at is not null returning u.*),
  ${REPLACE_RECOVERY_CODES},
  happened as (${identityEvent("updated", { type: "user.recovery_codes_made" })}),
  appended as (${appendEvents("happened")})
  select id from updated`);

/** Gives the person who asks new recovery codes, shown this once; the old ones no longer work. Throws as `disableTotp`. */
export async function regenerateRecoveryCodes(
  runtime: Runtime,
  caller: Caller,
  proof: Proof,
): Promise<{ readonly recoveryCodes: readonly string[] }> {
  const person = await ownAccount(runtime, caller);
  if (!person.totpEnabled) {
    throw new InvalidInput([{ path: [], message: "You have no authenticator that they could stand in for." }]);
  }
  await demandProof(runtime, person, proof);
  const recoveryCodes = newRecoveryCodes();
  const values = [person.userId, recoveryCodes.map(hashRecoveryCode), person.version];
  const replaced = await write(runtime, replaceCodes, [...whoValues(caller), ...values]);
  if (replaced.length === 0) throw new Conflict("your account's version", String(person.version), "another");
  return { recoveryCodes };
}
