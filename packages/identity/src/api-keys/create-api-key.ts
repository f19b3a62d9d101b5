import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { type Permission, PERMISSIONS } from "@muster/domain/permissions.ts";
import { type Role, ROLES } from "@muster/domain/roles.ts";
import { appendEvents } from "@muster/events/append.ts";
import { reachOf } from "@muster/operations/authorize.ts";
import { parseInput, text } from "@muster/operations/input.ts";
import { type Runtime, write } from "@muster/operations/runtime.ts";
import { z } from "zod";
import { whoValues } from "../identity-event.ts";
import { permissionsOf, programPermissions } from "../live-key.ts";
import { type ApiKey, apiKeyColumns, apiKeyEvent, CREATED_PAYLOAD } from "./api-key.ts";
import { authorizeIn, lackingIn, type Place } from "./key-reach.ts";
import { newKey } from "./new-key.ts";

const CreateApiKey = z.object({
  workspaceId: z.guid().nullish(),
  projectId: z.guid().nullish(),
  name: text(200),
  role: z.enum(ROLES),
  permissions: z.array(z.enum(PERMISSIONS)).min(1, "must name at least one, or be left out.").nullish(),
  expiresAt: z.date().nullish(),
});
export type CreateApiKeyInput = z.input<typeof CreateApiKey>;

/** A key and, this once, what opens doors with it. */
export interface ShownKey {
  readonly apiKey: ApiKey;
  readonly key: string;
}

/** SQL: the place that a workspace and a project name, when the caller reaches the whole of it: reach and ids are the parameters from `$first` on. */
function placeFrom(first: number): string {
  const [workspaces, projects] = [`$${first}::uuid[]`, `$${first + 1}::uuid[]`];
  const [workspaceId, projectId] = [`$${first + 2}::uuid`, `$${first + 3}::uuid`];
  return `
  select p.workspace_id, p.id as project_id from projects p
  where p.id = ${projectId} and (${workspaceId} is null or p.workspace_id = ${workspaceId})
    and (${workspaces} is null or p.workspace_id = any(${workspaces})) and (${projects} is null or p.id = any(${projects}))
  union all
  select w.id, null from workspaces w
  where ${projectId} is null and w.id = ${workspaceId} and (${workspaces} is null or w.id = any(${workspaces})) and ${projects} is null
  union all
  select null, null where ${workspaceId} is null and ${projectId} is null and ${workspaces} is null and ${projects} is null`;
}

const isAhead = (parameter: string) => `(${parameter}::timestamptz is null or ${parameter} > clock_timestamp())`;

const findPlace = statement<Place & { isAhead: boolean }>(`
  select workspace_id as "workspaceId", project_id as "projectId", ${isAhead("$5")} as "isAhead" from (${placeFrom(1)}) place`);

const insertKey = statement<ApiKey>(`
  with place as (${placeFrom(5)}),
  created as (
    insert into api_keys (id, kind, name, hash, workspace_id, project_id, role, permissions, expires_at, creator_kind, creator_id, creator_name)
    select $10, 'program', $11, $12, workspace_id, project_id, $13, $14, $9, $1, $2, $3 from place where ${isAhead("$9")} returning *),
  happened as (${apiKeyEvent("created", { type: "api_key.created", payload: CREATED_PAYLOAD })}),
  appended as (${appendEvents("happened")})
  select ${apiKeyColumns("created")} from created`);

/**
 * Makes a key for a program: a role, or of it only some permissions, in a project, a whole workspace or the whole installation. The key is
 * shown this once. Throws `Forbidden` for what the caller may not do there, `NotFound` without the place, and `InvalidInput`, also for a short-lived token that asks.
 */
export async function createApiKey(runtime: Runtime, caller: Caller, input: CreateApiKeyInput): Promise<ShownKey> {
  const asked = { workspaceId: input.workspaceId ?? null, projectId: input.projectId ?? null };
  caller = authorizeIn(caller, "key.manage", asked);
  refuseToken(caller);
  const { name, role, permissions: chosen = null, expiresAt = null } = parseInput(CreateApiKey, input);
  const permissions = chosen && chosenOf(role, chosen);
  const values = [...reachOf(caller), asked.workspaceId, asked.projectId, expiresAt];
  const [place] = await runtime.database.run(findPlace, values);
  if (!place) throw new NotFound(asked.projectId === null ? "workspace" : "project");
  if (!place.isAhead) throw pastExpiry();
  const lacking = lackingIn(caller.actor, programPermissions(role, permissions), place);
  if (lacking !== null) throw new Forbidden(lacking);
  const { id, key, hash } = newKey("program");
  const [apiKey] = await write(runtime, insertKey, [
    ...whoValues(caller),
    ...values,
    id,
    name,
    hash,
    role,
    permissions,
  ]);
  if (!apiKey) throw pastExpiry();
  return { apiKey, key };
}

/** A token that leaks is worth little because it ends soon: it must not turn into something that does not. */
export function refuseToken({ origin }: Caller): void {
  if (!origin?.isToken) return;
  const message = "A short-lived token makes no key. Ask with the key or session that it was made with.";
  throw new InvalidInput([{ path: [], message }]);
}

function chosenOf(role: Role, chosen: readonly Permission[]): Permission[] {
  const beyond = chosen.filter((permission) => !permissionsOf(role).has(permission));
  if (beyond.length === 0) return [...new Set(chosen)];
  const message = `must be of the role ${role}, which does not have ${beyond.join(", ")}. Choose a role that has them.`;
  throw new InvalidInput([{ path: ["permissions"], message }]);
}

function pastExpiry(): InvalidInput {
  return new InvalidInput([{ path: ["expiresAt"], message: "must be in the future." }]);
}
