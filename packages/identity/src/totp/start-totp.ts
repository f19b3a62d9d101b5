import { sealSecret } from "@muster/database/sealed-secret.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import { identityEvent, whoValues } from "../identity-event.ts";
import { demandProof, ownAccount, type Proof } from "../own-account.ts";
import { newTotpSecret, totpEnrolment } from "./totp.ts";

const keepSecret = statement<{ id: string }>(`
  with updated as (
    update users u set totp_secret = $6, totp_last_step = null where u.id = $5 and u.totp_enabled_at is null and u.disabled_at is null
    returning u.*),
  happened as (${identityEvent("updated", { type: "user.totp_started" })}),
  appended as (${appendEvents("happened")})
  select id from updated`);

/**
 * Makes the secret of a new authenticator for the person who asks; it counts once `confirmTotp` has seen a code of it. Called
 * again, it makes another. Throws `InvalidInput` when they have one already, or their password is wrong.
 */
export async function startTotp(
  runtime: Runtime,
  caller: Caller,
  proof: Proof,
): Promise<{ readonly secret: string; readonly uri: string }> {
  const person = await ownAccount(runtime, caller);
  if (person.totpEnabled) throw alreadyEnabled();
  const { encryptionKey } = runtime.settings;
  if (encryptionKey === null) throw new Error("Authenticators need an encryption key.");
  await demandProof(runtime, person, proof);
  const secret = newTotpSecret();
  const sealed = sealSecret(encryptionKey, person.userId, secret);
  const kept = await write(runtime, keepSecret, [...whoValues(caller), person.userId, sealed]);
  if (kept.length === 0) throw alreadyEnabled();
  return totpEnrolment(secret, person.email ?? person.name);
}

export function alreadyEnabled(): InvalidInput {
  return new InvalidInput([
    { path: [], message: "You have an authenticator already. Turn it off first to set up another." },
  ]);
}
