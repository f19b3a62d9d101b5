import { type Permission, PERMISSIONS } from "./permissions.ts";

export const ACTOR_KINDS = ["USER", "AGENT", "API_KEY", "SYSTEM"] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

/** How far an actor's permissions reach: what is in one of the workspaces and in one of the projects. What lies outside answers like what does not exist. */
export interface Reach {
  /** UUIDs; null: every workspace of the installation. */
  readonly workspaceIds: readonly string[] | null;
  /** UUIDs; null: every project of these workspaces, and what belongs to a whole workspace. */
  readonly projectIds: readonly string[] | null;
}

/** What a role gives, and where: in the installation, in a whole workspace, or in one project of it. */
export interface Grant {
  /** null: the whole installation. */
  readonly workspaceId: string | null;
  /** null: the whole workspace. */
  readonly projectId: string | null;
  readonly permissions: ReadonlySet<Permission>;
  /** Of a whole workspace: its projects when the actor was made. They count beside grants of single projects of other workspaces. */
  readonly projectIds?: readonly string[];
}

/** Who asks. `id` is a UUID (a person's, an agent's or a key's), null for the system. */
export interface Actor {
  readonly kind: ActorKind;
  readonly id: string | null;
  readonly name: string;
  /** Of all grants together, where there are any. */
  readonly reach: Reach;
  /** Of all grants together, where there are any; which of them hold in which part of the reach, `actingWith` says. */
  readonly permissions: ReadonlySet<Permission>;
  /** Of someone with several roles. Without, every permission holds in the whole reach. */
  readonly grants?: readonly Grant[];
}

/** Where a request came from. */
export interface Origin {
  /** The UUID of the API key or session. */
  readonly credentialId: string | null;
  /** The IP address. */
  readonly address: string | null;
  /** It came with a short-lived token of this key or session: it cannot make another. */
  readonly isToken?: true;
}

/** An actor and the request it came with. Every operation takes one. */
export interface Caller {
  readonly actor: Actor;
  readonly correlationId: string | null;
  /** null: nobody outside asked, Muster acts by itself. */
  readonly origin: Origin | null;
}

/** How much a grant has to cover: a project will do, a whole workspace, or the whole installation. */
export type Breadth = "PROJECT" | "WORKSPACE" | "INSTALLATION";

/** The whole installation. */
export const everywhere: Reach = { workspaceIds: null, projectIds: null };

/** One project, one whole workspace (`projectId` null) or the whole installation (both null). */
export function within(workspaceId: string | null, projectId: string | null): Reach {
  return { workspaceIds: listOf(workspaceId), projectIds: listOf(projectId) };
}

function listOf(id: string | null): readonly string[] | null {
  return id === null ? null : [id];
}

/** What of an actor its grants say: reach and permissions of all of them together. */
export function unitedGrants(grants: readonly Grant[]): Required<Pick<Actor, "reach" | "permissions" | "grants">> {
  const permissions = PERMISSIONS.filter((permission) => grants.some((grant) => grant.permissions.has(permission)));
  return { reach: reachOfGrants(grants), permissions: new Set(permissions), grants };
}

/**
 * The actor as it may use the permission: its reach is that of the grants that carry it and are as broad as `breadth`, and it
 * keeps the permissions that all of these carry, so that whatever it may do it may do in the whole reach. It can be narrowed
 * further, for another permission besides. Unchanged without grants; without reach and permissions when no grant will do.
 */
export function actingWith(actor: Actor, permission: Permission, breadth: Breadth = "PROJECT"): Actor {
  if (!actor.grants) return actor;
  const grants = actor.grants.filter((grant) => grant.permissions.has(permission) && isAsBroad(grant, breadth));
  const common = PERMISSIONS.filter(
    (each) => grants.length > 0 && grants.every(({ permissions }) => permissions.has(each)),
  );
  return { ...actor, reach: reachOfGrants(grants), permissions: new Set(common), grants };
}

/** The caller as it may use the permission: see `actingWith`. */
export function withPermission(caller: Caller, permission: Permission, breadth?: Breadth): Caller {
  return caller.actor.grants ? { ...caller, actor: actingWith(caller.actor, permission, breadth) } : caller;
}

/** Whether the actor may use the permission on what is in this project (null: on what belongs to the whole workspace). */
export function mayIn(actor: Actor, permission: Permission, workspaceId: string, projectId: string | null): boolean {
  const { permissions, reach } = actingWith(actor, permission, projectId === null ? "WORKSPACE" : "PROJECT");
  return (
    permissions.has(permission) &&
    (reach.workspaceIds?.includes(workspaceId) ?? true) &&
    (reach.projectIds === null || (projectId !== null && reach.projectIds.includes(projectId)))
  );
}

function isAsBroad({ workspaceId, projectId }: Grant, breadth: Breadth): boolean {
  return breadth === "PROJECT" || (projectId === null && (breadth === "WORKSPACE" || workspaceId === null));
}

function reachOfGrants(grants: readonly Grant[]): Reach {
  if (grants.some(({ workspaceId }) => workspaceId === null)) return everywhere;
  const whole = new Set(grants.flatMap(({ workspaceId, projectId }) => (projectId === null ? [workspaceId] : [])));
  const workspaceIds = [...new Set(grants.flatMap(({ workspaceId }) => workspaceId ?? []))];
  // A project of a workspace that is granted as a whole adds nothing.
  const single = grants.flatMap(({ workspaceId, projectId }) =>
    projectId && !whole.has(workspaceId) ? [projectId] : [],
  );
  if (whole.size > 0 && single.length === 0) return { workspaceIds, projectIds: null };
  const others = grants.flatMap(({ projectId, projectIds }) => (projectId === null ? (projectIds ?? []) : [projectId]));
  return { workspaceIds, projectIds: [...new Set(others)] };
}
