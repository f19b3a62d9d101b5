import { openSecret } from "@muster/database/sealed-secret.ts";
import { statement } from "@muster/database/statement.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import type { Credentials } from "../people/credentials.ts";
import { hashRecoveryCode } from "./recovery-code.ts";
import { totpStep } from "./totp.ts";

// Of two who send the same code at once, the second finds the step taken.
const takeStep = statement<{ id: string }>(`
  update users u set totp_last_step = $2 where u.id = $1 and u.totp_enabled_at is not null and coalesce(u.totp_last_step, -1) < $2
  returning u.id`);

const takeRecoveryCode = statement<{ hash: string }>(`
  update recovery_codes r set used_at = clock_timestamp() where r.user_id = $1 and r.hash = $2 and r.used_at is null returning r.hash`);

/** Takes a code of the person's authenticator, or one of their recovery codes: each works once. False when it is neither. */
export async function takeCode(runtime: Runtime, person: Credentials, code: string): Promise<boolean> {
  const { database, settings } = runtime;
  const recovery = hashRecoveryCode(code);
  if (recovery !== null) return (await database.run(takeRecoveryCode, [person.userId, recovery])).length > 0;
  if (!person.totpEnabled || person.totpSecret === null || settings.encryptionKey === null) return false;
  const secret = openSecret(settings.encryptionKey, person.userId, person.totpSecret);
  const step = totpStep(secret, code.replaceAll(/\s/g, ""), person.now);
  return step !== null && (await database.run(takeStep, [person.userId, step])).length > 0;
}
