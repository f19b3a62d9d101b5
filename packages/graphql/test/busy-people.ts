import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { grantRole } from "@muster/identity/memberships/grant-role.ts";
import { inviteUser } from "@muster/identity/people/invite-user.ts";
import { NO_ORIGIN } from "@muster/identity/sessions/session-start.ts";
import { startSession } from "@muster/identity/sessions/start-session.ts";
import type { Runtime } from "@muster/operations/runtime.ts";

const addIdentity = statement<never>(
  "insert into user_identities (issuer, subject, user_id, email) values ('https://id.example.org', $2, $1, $2)",
);

/** Somebody with a role in the workspace and one in the installation, an account elsewhere, and a browser that is signed in. */
export async function addPerson(runtime: Runtime, admin: Caller, workspaceId: string, number: number): Promise<void> {
  const email = `person-${number}@example.org`;
  const { membership } = await inviteUser(runtime, admin, { email, workspaceId, role: "VIEWER" });
  const { userId } = membership;
  await grantRole(runtime, admin, { userId, role: "OPERATOR" });
  await runtime.database.run(addIdentity, [userId, email]);
  await startSession(runtime, { userId, by: "OIDC" }, NO_ORIGIN);
}
