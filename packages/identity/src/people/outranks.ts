import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Actor } from "@muster/domain/actor.ts";
import { type Role, ROLE_PERMISSIONS } from "@muster/domain/roles.ts";
import { firstLacking } from "../memberships/grantable-roles.ts";

const rolesOf = statement<{ workspaceId: string | null; projectId: string | null; role: Role }>(
  `select workspace_id as "workspaceId", project_id as "projectId", role from memberships where user_id = $1`,
);

/** Whether the person may do something somewhere that the actor may not: whoever got into their account would gain by it. */
export async function outranks(connection: Connection, userId: string, actor: Actor): Promise<boolean> {
  const roles = await connection.run(rolesOf, [userId]);
  return roles.some(({ role, ...place }) => firstLacking(actor, ROLE_PERMISSIONS[role], place) !== null);
}
