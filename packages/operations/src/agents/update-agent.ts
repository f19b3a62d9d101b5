import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Conflict, InvalidInput } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { jsonObject, labels, parseInput } from "../input.ts";
import { checkAgainstSchema } from "../json-schema.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import type { Agent } from "./agent.ts";
import { changeAgent } from "./change-agent.ts";
import { lockAgent } from "./lock-agent.ts";
import { agentName, MAX_CONFIG_BYTES, maxConcurrency, nameTaken } from "./register-agent.ts";

const UpdateAgent = z.object({
  agentId: z.uuid(),
  name: agentName.nullish(),
  config: jsonObject(MAX_CONFIG_BYTES).nullish(),
  labels: labels.nullish(),
  maxConcurrency: maxConcurrency.nullish(),
  definitionVersion: z.number().int().min(1).max(2_147_483_647).nullish(),
  expectedConfigVersion: z.number().int().nullish(),
});
export type UpdateAgentInput = z.input<typeof UpdateAgent>;

const UNIQUE_VIOLATION = "23505";

const schemaOfVersion = statement<{ configSchema: { readonly [key: string]: Json } }>(
  `select config_schema as "configSchema" from agent_definition_versions where definition_id = $1 and version = $2`,
);

/**
 * Changes what is given of an agent and leaves the rest; a config is replaced as a whole. With another version of its
 * definition the agent has that version's capabilities, besides those that its process declared. Throws `NotFound`,
 * `Conflict` when its config version is not the expected one, and `InvalidInput` when there is no such version of the
 * definition, the config does not match its schema, or another agent of the project has the name.
 */
export async function updateAgent(runtime: Runtime, caller: Caller, input: UpdateAgentInput): Promise<Agent> {
  caller = authorize(caller, "agent.update");
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
  if (given.config || given.definitionVersion) await checkAgainstDefinition(transaction, agent, given);
  return (await changeAgent(transaction, caller, agent, given)) ?? agent;
}

async function checkAgainstDefinition(transaction: Connection, agent: Agent, given: z.output<typeof UpdateAgent>) {
  const version = given.definitionVersion ?? agent.definitionVersion;
  const [found] = await transaction.run(schemaOfVersion, [agent.definitionId, version]);
  if (!found)
    throw new InvalidInput([
      { path: ["definitionVersion"], message: `There is no version ${version} of its definition.` },
    ]);
  checkAgainstSchema(found.configSchema, given.config ?? (agent.config as Json), ["config"]);
}
