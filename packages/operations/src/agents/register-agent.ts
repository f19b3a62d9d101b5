import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, NotFound } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { jsonObject, labels, parseInput, slug, text } from "../input.ts";
import { checkAgainstSchema } from "../json-schema.ts";
import { newId } from "../new-id.ts";
import { hasNoQuota, requireRoom } from "../quotas/require-room.ts";
import { type Runtime, write, writeAll } from "../runtime.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { type Agent, agentColumns } from "./agent.ts";
import { agentEvents } from "./agent-event.ts";
import { newAgentKey } from "./new-agent-key.ts";

/** The most bytes of JSON that an agent's config may have. */
export const MAX_CONFIG_BYTES = 65_536;
export const agentName = text(200);
export const maxConcurrency = z
  .number()
  .int("must be a whole number.")
  .min(1, "must be from 1 to 1000.")
  .max(1000, "must be from 1 to 1000.");

const RegisterAgent = z.object({
  projectId: z.uuid(),
  definitionSlug: slug,
  name: agentName,
  config: jsonObject(MAX_CONFIG_BYTES).nullish(),
  labels: labels.nullish(),
  maxConcurrency: maxConcurrency.nullish(),
});
export type RegisterAgentInput = z.input<typeof RegisterAgent>;

interface ProjectDefinition {
  readonly workspaceId: string;
  /** Whether its workspace may have only so many agents. */
  readonly limited: boolean;
  readonly definitionId: string | null;
  readonly version: number;
  readonly enabled: boolean;
  readonly configSchema: { readonly [key: string]: Json };
}

const findDefinition = statement<ProjectDefinition>(`
  select d.id as "definitionId", d.version, d.enabled, d.config_schema as "configSchema", p.workspace_id as "workspaceId",
         not (${hasNoQuota("maxAgents", "p.workspace_id")}) as limited
  from projects p
  left join lateral (
    select * from agent_definitions d where d.slug = $2 and (d.workspace_id = p.workspace_id or d.workspace_id is null)
    order by d.workspace_id nulls last limit 1
  ) d on true
  where p.id = $1 and ($3::uuid[] is null or p.workspace_id = any($3)) and ($4::uuid[] is null or p.id = any($4))`);

const insertAgent = statement<Agent>(`
  with created as (
    insert into agents (id, workspace_id, project_id, definition_id, definition_version, name, capabilities, config, labels, max_concurrency)
    select $7, a.workspace_id, a.project_id, v.definition_id, v.version, $11, v.capabilities, $12, $13, $14
    from (select p.workspace_id, p.id as project_id from projects p where p.id = $8) a
    join agent_definition_versions v on v.definition_id = $9 and v.version = $10
    where ${inReach("a")} and ($17::boolean or ${hasNoQuota("maxAgents", "a.workspace_id")})
    on conflict (project_id, name) do nothing returning *
  ),
  credential as (
    insert into api_keys (id, kind, name, hash, workspace_id, project_id, agent_id)
    select $15, 'agent', name, $16, workspace_id, project_id, id from created
  ),
  head as (
    insert into agent_bundle_heads (agent_id, number) select id, 1 from created
  ),
  bundled as (
    insert into agent_bundles (agent_id, number, definition_version, config, max_concurrency, author)
    select id, 1, definition_version, config, max_concurrency,
           jsonb_build_object('kind', $1::text, 'id', $2::uuid, 'name', $3::text) from created
  ),
  happened as (${agentEvents("created", {
    type: "agent.registered",
    payload:
      "jsonb_build_object('name', name, 'state', state, 'definitionVersion', definition_version, 'maxConcurrency', max_concurrency)",
    at: "created_at",
  })}),
  appended as (${appendEvents("happened")})
  select ${agentColumns("created")} from created`);

/**
 * Registers an agent of a definition (the workspace's own with that slug, else the shared one), its bundle 1, and makes its
 * credential: `key` is shown this once. Throws `NotFound` without the project or the definition, and `InvalidInput` when the
 * definition is disabled, the config does not match its schema, or the project has an agent of this name. Throws `LimitExceeded` when
 * the workspace has as many agents as it may.
 */
export async function registerAgent(
  runtime: Runtime,
  caller: Caller,
  input: RegisterAgentInput,
): Promise<{ readonly agent: Agent; readonly key: string }> {
  caller = authorize(caller, "agent.register");
  const given = parseInput(RegisterAgent, input);
  const found = await runtime.database.run(findDefinition, [given.projectId, given.definitionSlug, ...reachOf(caller)]);
  const [definition] = found;
  if (!definition) throw new NotFound("project");
  if (definition.definitionId === null) throw new NotFound("agent definition");
  if (!definition.enabled) {
    throw new InvalidInput([
      { path: ["definitionSlug"], message: `names a definition that is disabled: ${given.definitionSlug}.` },
    ]);
  }
  const config = given.config ?? {};
  checkAgainstSchema(definition.configSchema, config, ["config"]);
  const credential = newAgentKey();
  const values = [
    ...callerValues(caller),
    newId(),
    given.projectId,
    definition.definitionId,
    definition.version,
    given.name,
    JSON.stringify(config),
    JSON.stringify(given.labels ?? {}),
    given.maxConcurrency ?? 1,
    credential.id,
    credential.hash,
  ];
  const [unlimited] = definition.limited ? [] : await write(runtime, insertAgent, [...values, false]);
  const agent = unlimited ?? (await insertWithRoom(runtime, definition.workspaceId, values));
  if (!agent) throw nameTaken(given.name);
  return { agent, key: credential.key };
}

/** Inserts it also where the workspace has a quota, when there is room. Throws `LimitExceeded`. */
function insertWithRoom(runtime: Runtime, workspaceId: string, values: readonly unknown[]): Promise<Agent | undefined> {
  return writeAll(runtime, async (transaction) => {
    await requireRoom(transaction, "maxAgents", workspaceId);
    return (await transaction.run(insertAgent, [...values, true]))[0];
  });
}

/** What `registerAgent` and `updateAgent` answer to the name of another agent of the project. */
export function nameTaken(name: string): InvalidInput {
  return new InvalidInput([{ path: ["name"], message: `is taken: the project has an agent named ${name}.` }]);
}
