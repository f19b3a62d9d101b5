import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Actor } from "@muster/domain/actor.ts";
import { agentLifecycle } from "@muster/domain/agent-lifecycle.ts";
import { type ApiKeyKind, parseApiKey } from "@muster/domain/api-key.ts";
import { finalStates } from "@muster/domain/lifecycle.ts";
import { AGENT_PERMISSIONS, PERMISSIONS } from "@muster/domain/permissions.ts";
import { timingSafeEqual } from "node:crypto";

/** How long an answer may be used again: a key that is revoked stops working within this time. */
const CACHE_MS = 1_000;
const CACHE_SIZE = 10_000;

interface KeyRow {
  readonly id: string;
  readonly kind: ApiKeyKind;
  readonly name: string;
  readonly hash: string;
  readonly workspaceId: string | null;
  readonly projectId: string | null;
  readonly agentId: string | null;
  readonly agentName: string | null;
}

/** An agent's key ends with the agent. */
const liveKey = statement<KeyRow>(`
  select k.id, k.kind, k.name, k.hash, k.workspace_id as "workspaceId", k.project_id as "projectId",
         k.agent_id as "agentId", a.name as "agentName"
  from api_keys k left join agents a on a.id = k.agent_id
  where k.id = $1 and k.revoked_at is null and (a.id is null or a.state <> all($2::text[]))`);

interface CachedAnswer {
  readonly until: number;
  readonly actor: Promise<Actor | null>;
}

const caches = new WeakMap<Connection, Map<string, CachedAnswer>>();

/**
 * Whose API key this is: a program with an admin key, or one agent. Null when the key is malformed, unknown or revoked,
 * or its agent is decommissioned: all look the same from outside. Answers may be up to a second old.
 */
export async function authenticate(database: Connection, key: string): Promise<Actor | null> {
  const parsed = parseApiKey(key);
  if (!parsed) return null;
  const cache = caches.get(database) ?? new Map<string, CachedAnswer>();
  caches.set(database, cache);
  const now = performance.now();
  const cached = cache.get(parsed.hash);
  if (cached && cached.until > now) return cached.actor;
  const actor = findActor(database, parsed);
  // The oldest answers come first: those that are over are at the beginning.
  cache.delete(parsed.hash);
  cache.set(parsed.hash, { until: now + CACHE_MS, actor });
  for (const [hash, { until }] of cache) {
    if (until > now && cache.size <= CACHE_SIZE) break;
    cache.delete(hash);
  }
  // A look-up that failed says nothing about the key, and one that is unknown may be stored at any moment.
  const forget = () => cache.delete(parsed.hash);
  actor.then((found) => found ?? forget(), forget);
  return actor;
}

async function findActor(
  database: Connection,
  { id, kind, hash }: { id: string; kind: ApiKeyKind; hash: string },
): Promise<Actor | null> {
  const [row] = await database.run(liveKey, [id, finalStates(agentLifecycle)]);
  if (!row || row.kind !== kind || !timingSafeEqual(Buffer.from(row.hash), Buffer.from(hash))) return null;
  const reach = { workspaceId: row.workspaceId, projectId: row.projectId };
  if (row.agentId !== null && row.agentName !== null) {
    return { kind: "AGENT", id: row.agentId, name: row.agentName, reach, permissions: new Set(AGENT_PERMISSIONS) };
  }
  if (kind !== "admin") return null;
  return { kind: "API_KEY", id: row.id, name: row.name, reach, permissions: new Set(PERMISSIONS) };
}
