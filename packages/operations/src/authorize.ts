import { type Actor, type Caller, everywhere, withPermission } from "@muster/domain/actor.ts";
import { Forbidden } from "@muster/domain/errors.ts";
import { type Permission, PERMISSIONS } from "@muster/domain/permissions.ts";

/**
 * The caller as it may use the permission (`withPermission`): of someone with several roles, only what these let it reach. Throws
 * `Forbidden` when it lacks the permission. Every operation begins with it and goes on with what it gives: `caller = authorize(…)`.
 */
export function authorize(caller: Caller, permission: Permission): Caller {
  return permitted(withPermission(caller, permission), permission);
}

/** Like `authorize("agent.act")`, and an agent's own credentials act for that agent only. */
export function authorizeAgent(caller: Caller, agentId: string): Caller {
  if (caller.actor.kind === "AGENT" && caller.actor.id !== agentId) throw new Forbidden("agent.act");
  return authorize(caller, "agent.act");
}

/** For what belongs to a whole workspace: credentials of one project or agent do not reach it. */
export function authorizeWorkspace(caller: Caller, permission: Permission): Caller {
  const narrowed = permitted(withPermission(caller, permission, "WORKSPACE"), permission);
  if (narrowed.actor.reach.projectIds !== null) throw new Forbidden(permission);
  return narrowed;
}

/** For what belongs to the whole installation: credentials of one workspace do not reach it. */
export function authorizeInstallation(caller: Caller, permission: Permission): Caller {
  const narrowed = permitted(withPermission(caller, permission, "INSTALLATION"), permission);
  const { workspaceIds, projectIds } = narrowed.actor.reach;
  if (workspaceIds !== null || projectIds !== null) throw new Forbidden(permission);
  return narrowed;
}

function permitted(caller: Caller, permission: Permission): Caller {
  if (!caller.actor.permissions.has(permission)) throw new Forbidden(permission);
  return caller;
}

/** How far a caller reaches: workspaces and projects, null for all. */
export type ReachValues = readonly [workspaceIds: readonly string[] | null, projectIds: readonly string[] | null];

/**
 * The two values of the tenancy guard that every statement carries:
 * `($n::uuid[] is null or x.workspace_id = any($n)) and ($m::uuid[] is null or x.project_id = any($m))`.
 */
export function reachOf({ actor: { reach } }: Caller): ReachValues {
  return [reach.workspaceIds, reach.projectIds];
}

/**
 * What decides what a caller gets to see: two with the same audience get the same answers. An agent sees more of itself than of
 * others, so it is an audience of its own.
 */
export function audienceOf({ actor }: Caller): string {
  const self = actor.kind === "AGENT" ? actor.id : null;
  const grants = actor.grants?.map(({ permissions, ...place }) => [place, [...permissions].toSorted()]);
  return JSON.stringify([self, actor.reach, [...actor.permissions].toSorted(), grants]);
}

/** Muster itself, for what its loops do: it reaches everything. `name` says in events which part of it acts. */
export function systemCaller(name: string): Caller {
  const actor: Actor = {
    kind: "SYSTEM",
    id: null,
    name,
    reach: everywhere,
    permissions: new Set(PERMISSIONS),
  };
  return { actor, correlationId: null, origin: null };
}
