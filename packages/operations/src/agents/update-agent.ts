import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { checkConfig } from "../definitions/config-schema.ts";
import { jsonObject, labels, parseInput } from "../input.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { type Agent, agentColumns } from "./agent.ts";
import { agentEvents } from "./agent-event.ts";
import { lockAgent } from "./lock-agent.ts";
import { agentName, MAX_CONFIG_BYTES, maxConcurrency, nameTaken } from "./register-agent.ts";

const UpdateAgent = z.object({
  agentId: z.uuid(),
  name: agentName.nullish(),
  config: jsonObject(MAX_CONFIG_BYTES).nullish(),
  labels: labels.nullish(),
  maxConcurrency: maxConcurrency.nullish(),
  expectedConfigVersion: z.number().int().nullish(),
});
export type UpdateAgentInput = z.input<typeof UpdateAgent>;

const UNIQUE_VIOLATION = "23505";

const schemaOfVersion = statement<{ configSchema: { readonly [key: string]: Json } }>(
  `select config_schema as "configSchema" from agent_definition_versions where definition_id = $1 and version = $2`,
);

const updateStatement = statement<Agent>(`
  with change as (
    select a.id, array_remove(array[
      case when $8::text <> a.name then 'name' end,
      case when $9::jsonb <> a.config then 'config' end,
      case when $10::jsonb <> a.labels then 'labels' end,
      case when $11::int <> a.max_concurrency then 'maxConcurrency' end], null) as changed
    from agents a where a.id = $7 and ${inReach("a")}
  ),
  updated as (
    update agents a
    set name = coalesce($8, a.name), config = coalesce($9, a.config), labels = coalesce($10, a.labels),
        max_concurrency = coalesce($11, a.max_concurrency), config_version = a.config_version + ('config' = any(c.changed))::int
    from change c where a.id = c.id and cardinality(c.changed) > 0
    returning a.*, c.changed
  ),
  happened as (${agentEvents("updated", {
    type: "agent.updated",
    payload: "jsonb_build_object('changed', changed, 'configVersion', config_version)",
  })}),
  appended as (${appendEvents("happened")})
  select ${agentColumns("updated")} from updated`);

/**
 * Changes what is given of an agent and leaves the rest; a config is replaced as a whole. Throws `NotFound`, `Conflict`
 * when its config version is not the expected one, and `InvalidInput` when the config does not match the schema of the
 * agent's definition version or another agent of the project has the name.
 */
export async function updateAgent(runtime: Runtime, caller: Caller, input: UpdateAgentInput): Promise<Agent> {
  authorize(caller, "agent.update");
  const given = parseInput(UpdateAgent, input);
  try {
    return await writeAll(runtime, (transaction) => change(transaction, caller, given));
  } catch (error) {
    if (given.name && (error as { code?: unknown }).code === UNIQUE_VIOLATION) throw nameTaken(given.name);
    throw error;
  }
}

async function change(transaction: Connection, caller: Caller, given: z.output<typeof UpdateAgent>): Promise<Agent> {
  const agent = await lockAgent(transaction, caller, given.agentId);
  const expected = given.expectedConfigVersion ?? agent.configVersion;
  if (expected !== agent.configVersion)
    throw new Conflict("config version", String(expected), String(agent.configVersion));
  if (given.config) {
    const [version] = await transaction.run(schemaOfVersion, [agent.definitionId, agent.definitionVersion]);
    checkConfig(version?.configSchema ?? {}, given.config);
  }
  const [updated] = await transaction.run(updateStatement, [
    ...callerValues(caller),
    agent.id,
    given.name ?? null,
    given.config ? JSON.stringify(given.config) : null,
    given.labels ? JSON.stringify(given.labels) : null,
    given.maxConcurrency ?? null,
  ]);
  return updated ?? agent;
}
