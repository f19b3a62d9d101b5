import { type Actor, actingWith, mayIn } from "@muster/domain/actor.ts";
import { Forbidden } from "@muster/domain/errors.ts";
import type { Permission } from "@muster/domain/permissions.ts";
import { type Role, ROLE_PERMISSIONS } from "@muster/domain/roles.ts";
import type { Place } from "./place.ts";

/** Whether the actor may use the permission on the place as a whole. */
export function mayAt(actor: Actor, permission: Permission, { workspaceId, projectId }: Place): boolean {
  if (workspaceId !== null) return mayIn(actor, permission, workspaceId, projectId);
  const { permissions, reach } = actingWith(actor, permission, "INSTALLATION");
  return permissions.has(permission) && reach.workspaceIds === null && reach.projectIds === null;
}

/** The first of these permissions that the actor lacks in the place; null when it has all. */
export function firstLacking(actor: Actor, permissions: Iterable<Permission>, place: Place): Permission | null {
  for (const permission of permissions) if (!mayAt(actor, permission, place)) return permission;
  return null;
}

/** Throws `Forbidden` when the role holds a permission that the actor lacks in the place: nobody gives what they do not have. */
export function refuseUngrantable(actor: Actor, role: Role, place: Place): void {
  const lacking = firstLacking(actor, ROLE_PERMISSIONS[role], place);
  if (lacking !== null) throw new Forbidden(lacking);
}
