import type { Caller } from "@muster/domain/actor.ts";
import type { Role } from "@muster/domain/roles.ts";
import { newId } from "@muster/operations/new-id.ts";
import { authenticateSession } from "../src/authenticate-session.ts";
import { hashPassword } from "../src/passwords/password-hash.ts";
import { NO_ORIGIN } from "../src/sessions/session-start.ts";
import { startSession } from "../src/sessions/start-session.ts";
import { Secret, TOTP } from "otpauth";
import { confirmTotp } from "../src/totp/confirm-totp.ts";
import { startTotp } from "../src/totp/start-totp.ts";
import type { KeyFixture } from "./key-fixture.ts";

export const PASSWORD = "correct horse battery";

interface RoleIn {
  readonly role: Role;
  readonly workspaceId?: string | null;
  readonly projectId?: string | null;
}

/** Somebody with these roles, behind the back of all operations. */
export async function addPerson(
  { execute }: KeyFixture,
  { name = "Ada", password, roles = [] }: { name?: string; password?: string | null; roles?: readonly RoleIn[] } = {},
): Promise<{ readonly userId: string; readonly email: string; readonly membershipIds: readonly string[] }> {
  const userId = newId();
  const email = `p${userId}@example.org`;
  const hash = password === undefined || password === null ? null : await hashPassword(password);
  await execute(
    "insert into users (id, email, name, password_hash) values ($1, $2, $3, $4)",
    userId,
    email,
    name,
    hash,
  );
  const membershipIds: string[] = [];
  for (const { role, workspaceId = null, projectId = null } of roles) {
    const id = newId();
    await execute(
      "insert into memberships (id, user_id, workspace_id, project_id, role) values ($1, $2, $3, $4, $5)",
      id,
      userId,
      workspaceId,
      projectId,
      role,
    );
    membershipIds.push(id);
  }
  return { userId, email, membershipIds };
}

/** The person as the server sees them, with a session of their own. */
export async function signedIn(
  { runtime }: KeyFixture,
  userId: string,
): Promise<Caller & { readonly token: string; readonly sessionId: string }> {
  const session = await startSession(runtime, { userId, by: "PASSWORD" }, NO_ORIGIN);
  const found = session && (await authenticateSession(runtime.database, session.token));
  if (!session || !found) throw new Error("The person cannot sign in.");
  const { token, sessionId } = session;
  return {
    actor: found.actor,
    correlationId: "test",
    origin: { credentialId: sessionId, address: null },
    token,
    sessionId,
  };
}

/** Sets up an authenticator. Gives what makes its codes: of the step `ahead` of now. */
export async function withAuthenticator(
  { runtime, execute }: KeyFixture,
  caller: Caller,
  password: string | null = PASSWORD,
): Promise<{ readonly code: (ahead?: number) => string; readonly recoveryCodes: readonly string[] }> {
  const { secret } = await startTotp(runtime, caller, { password });
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const code = (ahead = 0) => totp.generate({ timestamp: Date.now() + ahead * 30_000 });
  const { recoveryCodes } = await confirmTotp(runtime, caller, { code: code() });
  // As if that had been a while ago: its code is taken.
  await execute("update users set totp_last_step = totp_last_step - 10 where id = $1", caller.actor.id);
  return { code, recoveryCodes };
}
