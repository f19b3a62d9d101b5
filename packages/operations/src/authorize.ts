import type { Actor, Caller } from "@muster/domain/actor.ts";
import { Forbidden } from "@muster/domain/errors.ts";
import { type Permission, PERMISSIONS } from "@muster/domain/permissions.ts";

/** Throws `Forbidden` when the caller lacks the permission. Every operation begins with it. */
export function authorize(caller: Caller, permission: Permission): void {
  if (!caller.actor.permissions.has(permission)) throw new Forbidden(permission);
}

/** Like `authorize("agent.act")`, and an agent's own credentials act for that agent only. */
export function authorizeAgent(caller: Caller, agentId: string): void {
  authorize(caller, "agent.act");
  if (caller.actor.kind === "AGENT" && caller.actor.id !== agentId) throw new Forbidden("agent.act");
}

/** For what belongs to a whole workspace: credentials of one project or agent do not reach it. */
export function authorizeWorkspace(caller: Caller, permission: Permission): void {
  authorize(caller, permission);
  if (caller.actor.reach.projectId !== null) throw new Forbidden(permission);
}

/** For what belongs to the whole installation: credentials of one workspace do not reach it. */
export function authorizeInstallation(caller: Caller, permission: Permission): void {
  authorizeWorkspace(caller, permission);
  if (caller.actor.reach.workspaceId !== null) throw new Forbidden(permission);
}

/**
 * The two values of the tenancy guard that every statement carries:
 * `($n::uuid is null or x.workspace_id = $n) and ($m::uuid is null or x.project_id = $m)`.
 */
export function reachOf(caller: Caller): [workspaceId: string | null, projectId: string | null] {
  return [caller.actor.reach.workspaceId, caller.actor.reach.projectId];
}

/**
 * What decides what a caller gets to see: two with the same audience get the same answers. An agent sees more of itself than of
 * others, so it is an audience of its own.
 */
export function audienceOf({ actor }: Caller): string {
  const self = actor.kind === "AGENT" ? actor.id : null;
  return JSON.stringify([self, actor.reach.workspaceId, actor.reach.projectId, [...actor.permissions].toSorted()]);
}

/** Muster itself, for what its loops do: it reaches everything. `name` says in events which part of it acts. */
export function systemCaller(name: string): Caller {
  const actor: Actor = {
    kind: "SYSTEM",
    id: null,
    name,
    reach: { workspaceId: null, projectId: null },
    permissions: new Set(PERMISSIONS),
  };
  return { actor, correlationId: null };
}
