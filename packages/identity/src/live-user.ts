import { type Actor, type Grant, unitedGrants, within } from "@muster/domain/actor.ts";
import type { Role } from "@muster/domain/roles.ts";
import { permissionsOf } from "./live-key.ts";

/** A person who may sign in, with what makes their roles. */
export interface LiveUser {
  readonly userId: string;
  readonly userName: string;
  readonly memberships: readonly LiveMembership[];
}

interface LiveMembership {
  readonly workspaceId: string | null;
  readonly projectId: string | null;
  readonly role: Role;
  /** Of a whole workspace beside single projects of others. */
  readonly projectIds: readonly string[] | null;
}

/** SQL: the people who may act, to select from. */
export const LIVE_USERS = "(select u.id, u.name from users u where u.disabled_at is null)";

/**
 * SQL: the select list of a `LiveUser`, from `LIVE_USERS` as `u`. The projects of a whole workspace are read only where roles in single
 * projects stand beside it, as `Grant` asks for.
 */
export const LIVE_USER_COLUMNS = `u.id as "userId", u.name as "userName", coalesce((
    select jsonb_agg(jsonb_build_object('workspaceId', m.workspace_id, 'projectId', m.project_id, 'role', m.role, 'projectIds',
      case when m.workspace_id is not null and m.project_id is null
        and exists (select from memberships s where s.user_id = u.id and s.project_id is not null and s.workspace_id <> m.workspace_id)
      then (select coalesce(jsonb_agg(p.id order by p.id), '[]') from projects p where p.workspace_id = m.workspace_id) end) order by m.id)
    from memberships m where m.user_id = u.id), '[]') as memberships`;

/** Whom a person acts as: with one role as wide as that, with several by what each of them grants. */
export function userActor({ userId, userName, memberships }: LiveUser): Actor {
  const who = { kind: "USER", id: userId, name: userName } as const;
  const [only] = memberships;
  if (only && memberships.length === 1) {
    return { ...who, reach: within(only.workspaceId, only.projectId), permissions: permissionsOf(only.role) };
  }
  const grants = memberships.map(({ workspaceId, projectId, role, projectIds }): Grant => {
    const grant = { workspaceId, projectId, permissions: permissionsOf(role) };
    return projectIds === null ? grant : { ...grant, projectIds };
  });
  return { ...who, ...unitedGrants(grants) };
}

/** Whether new projects come into the reach of the person without an event about the person. */
export function mayGainProjects({ memberships }: LiveUser): boolean {
  return memberships.some(({ projectIds }) => projectIds !== null);
}
