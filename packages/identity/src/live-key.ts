import { type Actor, within } from "@muster/domain/actor.ts";
import { agentLifecycle } from "@muster/domain/agent-lifecycle.ts";
import type { ApiKeyKind } from "@muster/domain/api-key.ts";
import { finalStates } from "@muster/domain/lifecycle.ts";
import { AGENT_PERMISSIONS, type Permission, PERMISSIONS } from "@muster/domain/permissions.ts";
import { type Role, ROLE_PERMISSIONS } from "@muster/domain/roles.ts";

export interface LiveKey {
  readonly id: string;
  readonly kind: ApiKeyKind;
  readonly name: string;
  readonly hash: string;
  readonly workspaceId: string | null;
  readonly projectId: string | null;
  readonly agentId: string | null;
  readonly agentName: string | null;
  readonly role: Role | null;
  readonly permissions: readonly Permission[] | null;
  /** How long it still works; null: until it is revoked. */
  readonly remainingMs: number | null;
}

const ENDED_AGENT = finalStates(agentLifecycle)
  .map((state) => `'${state}'`)
  .join(", ");

/** SQL: whether the agent in the row `alias` can still act. */
export function isLiveAgent(alias: string): string {
  return `${alias}.state not in (${ENDED_AGENT})`;
}

/** SQL: the keys that work, to select from. An agent's key ends with the agent. */
export const LIVE_KEYS = `(
  select k.id, k.kind, k.name, k.hash, k.workspace_id, k.project_id, k.agent_id, a.name as agent_name, k.role, k.permissions, k.expires_at
  from api_keys k left join agents a on a.id = k.agent_id
  where k.revoked_at is null and (k.expires_at is null or k.expires_at > clock_timestamp()) and (a.id is null or ${isLiveAgent("a")}))`;

/** SQL: how many milliseconds there are until the moment `expression`; null for null. */
export function remainingMs(expression: string): string {
  return `(extract(epoch from ${expression} - clock_timestamp()) * 1000)::float8`;
}

/** SQL: the select list of a `LiveKey`, from `LIVE_KEYS` as `k`. */
export const LIVE_KEY_COLUMNS = `k.id, k.kind, k.name, k.hash, k.workspace_id as "workspaceId",
  k.project_id as "projectId", k.agent_id as "agentId", k.agent_name as "agentName", k.role, k.permissions, ${remainingMs("k.expires_at")} as "remainingMs"`;

/** Shared by all that have them. */
const OF_AGENTS: ReadonlySet<Permission> = new Set(AGENT_PERMISSIONS);
const ALL: ReadonlySet<Permission> = new Set(PERMISSIONS);
const OF_ROLES = new Map(
  Object.entries(ROLE_PERMISSIONS).map(([role, of]) => [role, new Set(of) as ReadonlySet<Permission>]),
);

/** What a role may do. */
export function permissionsOf(role: Role): ReadonlySet<Permission> {
  return OF_ROLES.get(role) ?? new Set();
}

/** One agent, acting for itself in its project. */
export function agentActor(agent: { id: string; name: string; workspaceId: string; projectId: string }): Actor {
  const reach = within(agent.workspaceId, agent.projectId);
  return { kind: "AGENT", id: agent.id, name: agent.name, reach, permissions: OF_AGENTS };
}

/** Whom a key stands for: one agent, a program with a role, or one that may do everything. */
export function actorOf(key: LiveKey): Actor | null {
  const { id, kind, name, workspaceId, projectId, agentId, agentName, role } = key;
  if (kind === "agent") {
    const isWhole = agentId !== null && agentName !== null && workspaceId !== null && projectId !== null;
    return isWhole ? agentActor({ id: agentId, name: agentName, workspaceId, projectId }) : null;
  }
  const permissions = kind === "admin" ? ALL : role && programPermissions(role, key.permissions);
  return permissions && { kind: "API_KEY", id, name, reach: within(workspaceId, projectId), permissions };
}

/** What a program's key may do: its role, or of it only `chosen`. */
export function programPermissions(role: Role, chosen: readonly Permission[] | null): ReadonlySet<Permission> {
  const ofRole = permissionsOf(role);
  return chosen === null ? ofRole : new Set(chosen.filter((permission) => ofRole.has(permission)));
}

/** UUIDs: the key, and its agent. */
export function idsOf({ id, agentId }: LiveKey): string[] {
  return agentId === null ? [id] : [id, agentId];
}
