import { type Caller, withPermission } from "@muster/domain/actor.ts";
import { reachOf } from "@muster/operations/authorize.ts";
import { mayAt } from "../memberships/grantable-roles.ts";

const INSTALLATION = { workspaceId: null, projectId: null };

/** Whether the caller has to do with all people of the installation. */
export function managesUsers({ actor }: Caller): boolean {
  return mayAt(actor, "user.manage", INSTALLATION);
}

/** The person who asks; null for programs, agents and Muster itself. */
export function personOf({ actor }: Caller): string | null {
  return actor.kind === "USER" ? actor.id : null;
}

/**
 * SQL: whether the caller may see the person in the row `alias`: themselves, somebody with a role where the caller may see who has which,
 * or anybody for those who manage people. It takes five parameters from `$first` on: `visibleUserValues`.
 */
export function visibleUser(alias: string, first: number): string {
  const [own, all, some, workspaces, projects] = [0, 1, 2, 3, 4].map((at) => `$${first + at}`);
  return `(${all}::boolean or ${alias}.id = ${own}::uuid or (${some}::boolean and exists (
    select from memberships m where m.user_id = ${alias}.id and (${workspaces}::uuid[] is null or m.workspace_id = any(${workspaces}))
      and (${projects}::uuid[] is null or m.project_id = any(${projects})))))`;
}

export function visibleUserValues(caller: Caller): unknown[] {
  const reader = withPermission(caller, "member.read");
  return [personOf(caller), managesUsers(caller), reader.actor.permissions.has("member.read"), ...reachOf(reader)];
}
