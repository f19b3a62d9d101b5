import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, NotFound } from "@muster/domain/errors.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { accountKey, admitAccount, clearAttempts } from "./attempts.ts";
import { verifyPassword } from "./passwords/password-hash.ts";
import { type Credentials, credentialsById } from "./people/credentials.ts";
import { takeCode } from "./totp/take-code.ts";

/** The person who asks. Throws `InvalidInput` for the credentials of a program or an agent: they have no account; and for a token. */
export async function ownAccount(runtime: Runtime, { actor, origin }: Caller): Promise<Credentials> {
  if (actor.kind !== "USER" || actor.id === null) {
    const message = "Only people have a password, an authenticator and a profile: sign in as a person.";
    throw new InvalidInput([{ path: [], message }]);
  }
  if (origin?.isToken) {
    throw new InvalidInput([
      { path: [], message: "A token cannot change the account it stands for: use the session itself." },
    ]);
  }
  const person = await credentialsById(runtime.database, actor.id);
  if (!person || person.isDisabled) throw new NotFound("user");
  return person;
}

/** What somebody shows to prove that it is still they who sit there, and not only their open session. */
export interface Proof {
  readonly password?: string | null | undefined;
  readonly code?: string | null | undefined;
}

/**
 * Lets someone on with the password of their account, or with a code of their authenticator where they have one; without both
 * nothing can be asked of them. Throws `InvalidInput` when it is wrong or missing, and `LimitExceeded` after too many attempts: they
 * count as sign-ins do.
 */
export async function demandProof(runtime: Runtime, person: Credentials, { password, code }: Proof): Promise<void> {
  if (person.passwordHash === null && !person.totpEnabled) return;
  if (typeof password !== "string" && typeof code !== "string") {
    throw new InvalidInput([{ path: ["password"], message: "is needed: show that it is you who asks." }]);
  }
  const account = accountKey(person);
  await admitAccount(runtime, account);
  if (typeof code === "string") {
    if (!(await takeCode(runtime, person, code))) {
      throw new InvalidInput([{ path: ["code"], message: "is not right, or has been used." }]);
    }
  } else if (!(await verifyPassword(password ?? "", person.passwordHash))) {
    throw new InvalidInput([{ path: ["password"], message: "is not right." }]);
  }
  await clearAttempts(runtime.database, account);
}
