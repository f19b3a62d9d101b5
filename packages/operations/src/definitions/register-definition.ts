import type { Connection } from "@muster/database/database.ts";
import { rowColumns } from "@muster/database/row-columns.ts";
import { statement } from "@muster/database/statement.ts";
import { agentDefinitions } from "@muster/database/tables/agent-definitions.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorizeInstallation, authorizeWorkspace, reachOf } from "../authorize.ts";
import { changedColumns } from "../changes.ts";
import { jsonObject, parseInput, slug, text } from "../input.ts";
import { checkJsonSchema, MAX_SCHEMA_BYTES } from "../json-schema.ts";
import { newId } from "../new-id.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { CALLER_COLUMNS, callerValues } from "../caller-values.ts";
import type { Definition } from "./definition-queries.ts";

const RegisterDefinition = z.object({
  /** null: shared by the whole installation. */
  workspaceId: z.uuid().nullish(),
  slug,
  name: text(200),
  type: text(100),
  description: text(10_000, 0).nullish(),
  capabilities: z.array(text(100)).max(100),
  configSchema: jsonObject(MAX_SCHEMA_BYTES).nullish(),
  metadata: jsonObject(MAX_SCHEMA_BYTES).nullish(),
  enabled: z.boolean().nullish(),
});
export type RegisterDefinitionInput = z.input<typeof RegisterDefinition>;

const COLUMNS = rowColumns(agentDefinitions, "d");
const CHANGES = changedColumns("old", "d", {
  name: "name",
  type: "type",
  description: "description",
  capabilities: "capabilities",
  configSchema: "config_schema",
  metadata: "metadata",
  enabled: "enabled",
});
// $1–$6 the caller, $7 id, $8 workspace, $9 slug, $10 name, $11 type, $12 description, $13 capabilities, $14 schema, $15 metadata, $16 enabled
const FOLLOW_UP = `
  added as (
    insert into agent_definition_versions (definition_id, version, type, capabilities, config_schema, metadata)
    select id, version, type, capabilities, config_schema, metadata from d where added_version
  ), happened as (
    select workspace_id, null::uuid as project_id, happening as type, id as subject_id, version as subject_version,
           null::uuid as agent_id, null::uuid as task_id, null::uuid as context_id, ${CALLER_COLUMNS}, null::text as reason,
           jsonb_build_object('slug', slug, 'name', name, 'type', type, 'enabled', enabled, 'version', version)
             || coalesce((select ${CHANGES} from agent_definitions old where old.id = d.id), '{}'::jsonb) as payload,
           null::jsonb as labels, updated_at as at
    from d
  ), appended as (${appendEvents("happened")})
  select ${COLUMNS} from d`;

const lockDefinition = statement<Definition>(`
  select ${COLUMNS} from agent_definitions d
  where d.slug = $2 and d.workspace_id is not distinct from $1::uuid for no key update`);

const insertDefinition = statement<Definition>(`
  with d as (
    insert into agent_definitions (id, workspace_id, slug, name, type, description, capabilities, config_schema, metadata, enabled)
    select $7, $8, $9, $10, $11, $12, $13, $14, $15, coalesce($16, true)
    where ($5::uuid[] is null or $8::uuid = any($5)) and $6::uuid[] is null
      and ($8::uuid is null or exists (select from workspaces w where w.id = $8))
    on conflict do nothing returning *, true as added_version, 'definition.registered' as happening
  ), ${FOLLOW_UP}`);

const updateDefinition = statement<Definition>(`
  with d as (
    update agent_definitions o
    set name = $10, type = $11, description = $12, capabilities = $13, config_schema = $14, metadata = $15,
        enabled = coalesce($16, o.enabled), updated_at = greatest(clock_timestamp(), o.updated_at),
        version = o.version + change.of_version::int
    from (select n.id, (n.type, n.capabilities, n.config_schema, n.metadata)
                       is distinct from ($11::text, $13::text[], $14::jsonb, $15::jsonb) as of_version
          from agent_definitions n where n.id = $7) change
    where o.id = change.id and o.slug = $9 and o.workspace_id is not distinct from $8::uuid
      and ($5::uuid[] is null or $8::uuid = any($5)) and $6::uuid[] is null
      and (change.of_version or (o.name, o.description, o.enabled) is distinct from ($10::text, $12::text, coalesce($16::boolean, o.enabled)))
    returning o.*, change.of_version as added_version,
              case when change.of_version then 'definition.version_added' else 'definition.updated' end as happening
  ), ${FOLLOW_UP}`);

/**
 * Registers a definition, or brings the one with this slug to what is given. What agents depend on (type, capabilities,
 * config schema, metadata) is versioned: a change adds a version, agents keep theirs. The same again changes nothing.
 * Throws `NotFound` without the workspace, `InvalidInput` when `configSchema` is not a JSON Schema that compiles.
 */
export async function registerDefinition(
  runtime: Runtime,
  caller: Caller,
  input: RegisterDefinitionInput,
): Promise<Definition> {
  caller = (input.workspaceId ? authorizeWorkspace : authorizeInstallation)(caller, "definition.register");
  const given = parseInput(RegisterDefinition, input);
  const configSchema = given.configSchema ?? {};
  checkJsonSchema(configSchema, ["configSchema"]);
  const workspaceId = given.workspaceId ?? null;
  const values = (id: string) => [
    ...callerValues(caller),
    id,
    workspaceId,
    given.slug,
    given.name,
    given.type,
    given.description ?? null,
    [...new Set(given.capabilities)].sort(),
    JSON.stringify(configSchema),
    JSON.stringify(given.metadata ?? {}),
    given.enabled ?? null,
  ];
  return writeAll(runtime, async (transaction) => {
    const present = await findLocked(transaction, caller, workspaceId, given.slug);
    if (!present) {
      const [created] = await transaction.run(insertDefinition, values(newId()));
      if (created) return created;
    }
    // Not created: somebody else did in this moment, or there is no such workspace.
    const existing = present ?? (await findLocked(transaction, caller, workspaceId, given.slug));
    if (!existing) throw new NotFound("workspace");
    const [updated] = await transaction.run(updateDefinition, values(existing.id));
    return updated ?? existing;
  });
}

async function findLocked(transaction: Connection, caller: Caller, workspaceId: string | null, definitionSlug: string) {
  const [workspaceIds] = reachOf(caller);
  if (workspaceIds !== null && (workspaceId === null || !workspaceIds.includes(workspaceId))) return undefined;
  return (await transaction.run(lockDefinition, [workspaceId, definitionSlug]))[0];
}
