import type { Actor } from "@muster/domain/actor.ts";
import { agentLifecycle } from "@muster/domain/agent-lifecycle.ts";
import type { ApiKeyKind } from "@muster/domain/api-key.ts";
import { finalStates } from "@muster/domain/lifecycle.ts";
import { AGENT_PERMISSIONS, PERMISSIONS } from "@muster/domain/permissions.ts";

export interface LiveKey {
  readonly id: string;
  readonly kind: ApiKeyKind;
  readonly name: string;
  readonly hash: string;
  readonly workspaceId: string | null;
  readonly projectId: string | null;
  readonly agentId: string | null;
  readonly agentName: string | null;
}

const ENDED_AGENT = finalStates(agentLifecycle)
  .map((state) => `'${state}'`)
  .join(", ");

/** SQL: the keys that work, to select from. An agent's key ends with the agent. */
export const LIVE_KEYS = `(
  select k.id, k.kind, k.name, k.hash, k.workspace_id, k.project_id, k.agent_id, a.name as agent_name
  from api_keys k left join agents a on a.id = k.agent_id
  where k.revoked_at is null and (a.id is null or a.state not in (${ENDED_AGENT})))`;

/** SQL: the select list of a `LiveKey`, from `LIVE_KEYS` as `k`. */
export const LIVE_KEY_COLUMNS = `k.id, k.kind, k.name, k.hash, k.workspace_id as "workspaceId",
  k.project_id as "projectId", k.agent_id as "agentId", k.agent_name as "agentName"`;

/** Whom a key stands for: one agent, or a program that may do everything. */
export function actorOf(key: LiveKey): Actor | null {
  const reach = { workspaceId: key.workspaceId, projectId: key.projectId };
  if (key.agentId !== null && key.agentName !== null) {
    return { kind: "AGENT", id: key.agentId, name: key.agentName, reach, permissions: new Set(AGENT_PERMISSIONS) };
  }
  if (key.kind !== "admin") return null;
  return { kind: "API_KEY", id: key.id, name: key.name, reach, permissions: new Set(PERMISSIONS) };
}
