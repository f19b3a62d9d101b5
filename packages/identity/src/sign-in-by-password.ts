import { statement } from "@muster/database/statement.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { accountKey, admitAccount, admitAddress, clearAttempts } from "./attempts.ts";
import { hashPassword, isOutdated, verifyPassword } from "./passwords/password-hash.ts";
import { type Credentials, credentialsByEmail } from "./people/credentials.ts";
import { orRecord } from "./refused-sign-in.ts";
import type { SignInOrigin, StartedSession } from "./sessions/session-start.ts";
import { startSession } from "./sessions/start-session.ts";
import { SignInRefused } from "./sign-in-refused.ts";
import { takeCode } from "./totp/take-code.ts";

export interface PasswordSignIn {
  readonly email: string;
  readonly password: string;
  /** Of the authenticator, or a recovery code. */
  readonly code?: string | undefined;
}

/**
 * Starts a session for the person with this e-mail address and password, and the code of their authenticator where they have one.
 *
 * Throws `SignInRefused`: the same, after the same work, whether there is no such person, they have no password, are disabled, or the
 * password is wrong; TOTP_REQUIRED only after the right password; CODE_REFUSED for a code that is wrong or was used. Throws
 * `LimitExceeded` when there were too many attempts for the account or from the address: counted exactly over all servers. Refusals
 * are written to the log.
 */
export async function signInByPassword(
  runtime: Runtime,
  given: PasswordSignIn,
  origin: SignInOrigin,
): Promise<StartedSession> {
  await orRecord(runtime, {}, origin, () => admitAddress(runtime, origin.address));
  const person = await credentialsByEmail(runtime.database, given.email);
  const account = accountKey(person ?? { email: given.email });
  return orRecord(runtime, { userId: person?.userId ?? null }, origin, async () => {
    await admitAccount(runtime, account);
    const isRight = await verifyPassword(given.password, person?.passwordHash ?? null);
    if (!person || !isRight || person.isDisabled) throw new SignInRefused("CREDENTIALS_REFUSED");
    if (person.totpEnabled) {
      if (given.code === undefined) throw new SignInRefused("TOTP_REQUIRED");
      if (!(await takeCode(runtime, person, given.code))) throw new SignInRefused("CODE_REFUSED");
    }
    await rehash(runtime, person, given.password);
    const { userId, version } = person;
    const session = await startSession(runtime, { userId, by: "PASSWORD", version }, origin);
    // Their password, authenticator or account has changed while we looked: whoever has the new ones tries again.
    if (!session) throw new SignInRefused("CREDENTIALS_REFUSED");
    await clearAttempts(runtime.database, account);
    return session;
  });
}

const replaceHash = statement<never>("update users set password_hash = $3 where id = $1 and password_hash = $2");

/** A hash of older parameters is made anew while the password is at hand. That changes nothing that anyone can see, so it is no event. */
async function rehash(runtime: Runtime, { userId, passwordHash }: Credentials, password: string): Promise<void> {
  if (passwordHash === null || !isOutdated(passwordHash)) return;
  await runtime.database.run(replaceHash, [userId, passwordHash, await hashPassword(password)]);
}
