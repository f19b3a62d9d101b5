import { actingWith, type Actor, type Caller, mayIn } from "@muster/domain/actor.ts";
import type { Permission } from "@muster/domain/permissions.ts";
import { authorize, authorizeInstallation, authorizeWorkspace, reachOf } from "@muster/operations/authorize.ts";
import { type SQL, sql } from "drizzle-orm";

/** Where a key or role counts: in a project, in a whole workspace (no project) or in the whole installation (neither). */
export interface Place {
  readonly workspaceId: string | null;
  readonly projectId: string | null;
}

/** The caller as it may use the permission in the whole of a place. Throws `Forbidden`. */
export function authorizeIn(caller: Caller, permission: Permission, { workspaceId, projectId }: Place): Caller {
  if (projectId !== null) return authorize(caller, permission);
  return workspaceId === null ? authorizeInstallation(caller, permission) : authorizeWorkspace(caller, permission);
}

/** The first of these permissions that the actor does not have in the whole of the place; null when it has all. */
export function lackingIn(
  actor: Actor,
  permissions: Iterable<Permission>,
  { workspaceId, projectId }: Place,
): Permission | null {
  for (const permission of permissions) {
    if (workspaceId !== null) {
      if (!mayIn(actor, permission, workspaceId, projectId)) return permission;
      continue;
    }
    const { permissions: held, reach } = actingWith(actor, permission, "INSTALLATION");
    if (!held.has(permission) || reach.workspaceIds !== null || reach.projectIds !== null) return permission;
  }
  return null;
}

/**
 * What guards statements on keys: how far the caller reaches, and the workspaces that it reaches as a whole (null: all), whose own keys
 * have no project.
 */
export function keyReach(caller: Caller, permission: Permission): readonly (readonly string[] | null)[] {
  const { reach, permissions } = actingWith(caller.actor, permission, "WORKSPACE");
  const whole = reach.projectIds === null && permissions.has(permission) ? reach.workspaceIds : [];
  return [...reachOf(caller), whole];
}

/** The guard over these values, the first of which is the statement's parameter `$first`, for the key in the row `k`. */
export function keyInReach(first: number): string {
  return guard(`$${first}::uuid[]`, `$${first + 1}::uuid[]`, `$${first + 2}::uuid[]`);
}

/** The same guard for a query that is composed at run time. */
export function keyWithinReach(caller: Caller, permission: Permission): SQL {
  const parameters = keyReach(caller, permission).map((ids) => sql`${sql.param(ids && [...ids])}::uuid[]`);
  const parts = guard("$1", "$2", "$3").split(/\$([123])/);
  return sql.join(
    parts.map((part, place) => (place % 2 === 0 ? sql.raw(part) : (parameters[Number(part) - 1] ?? sql``))),
  );
}

function guard(workspaces: string, projects: string, wholeWorkspaces: string): string {
  return `(((${workspaces} is null or k.workspace_id = any(${workspaces})) and (${projects} is null or k.project_id = any(${projects})))
    or (k.project_id is null and (${wholeWorkspaces} is null or k.workspace_id = any(${wholeWorkspaces}))))`;
}
