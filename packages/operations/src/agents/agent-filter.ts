import { AGENT_STATES } from "@muster/domain/agent-lifecycle.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { parseId } from "@muster/domain/ids.ts";
import { sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { withinReach } from "../caller-values.ts";
import { jsonObject, text } from "../input.ts";
import type { OperationSettings } from "../settings.ts";
import { availableAgent } from "../tasks/available-agent.ts";

/** All conditions must hold; what is null or missing does not count. */
export const AgentFilter = z.object({
  ids: z.array(z.uuid()).max(1_000).nullish(),
  states: z.array(z.enum(AGENT_STATES)).nullish(),
  /** It has all of these. */
  capabilities: z.array(text(100)).max(100).nullish(),
  definitionId: z.uuid().nullish(),
  /** Of what their workspace knows by this slug: its own definition, else the shared one. */
  definitionSlug: text(100, 0).nullish(),
  /** With this version of its definition. */
  definitionVersion: z.number().int().min(1).max(2_147_483_647).nullish(),
  /** It has at least these labels. */
  labels: jsonObject(16_384).nullish(),
  /** Part of the name, in any case, or an agent's whole public id. */
  search: text(200, 0).nullish(),
  available: z.boolean().nullish(),
});
export type AgentFilterInput = z.input<typeof AgentFilter>;

/** The conditions for the agents `a` of a scope, itself a condition, that the caller may see and that the filter lets through. */
export function agentConditions(
  caller: Caller,
  scope: SQL,
  filter: z.output<typeof AgentFilter>,
  settings: Pick<OperationSettings, "missedOffersLimit">,
): SQL[] {
  const conditions = [scope, withinReach(caller, "a")];
  if (filter.ids) conditions.push(sql`a.id = any(${sql.param(filter.ids)}::uuid[])`);
  if (filter.states) conditions.push(sql`a.state = any(${sql.param(filter.states)}::text[])`);
  if (filter.capabilities) conditions.push(sql`a.capabilities @> ${sql.param(filter.capabilities)}::text[]`);
  if (filter.definitionId) conditions.push(sql`a.definition_id = ${filter.definitionId}`);
  if (typeof filter.definitionSlug === "string") conditions.push(ofDefinition(filter.definitionSlug));
  if (filter.definitionVersion) conditions.push(sql`a.definition_version = ${filter.definitionVersion}`);
  if (filter.labels) conditions.push(sql`a.labels @> ${JSON.stringify(filter.labels)}::jsonb`);
  if (filter.search) conditions.push(searched(filter.search));
  if (typeof filter.available === "boolean") {
    const available = sql.raw(availableAgent("a", String(settings.missedOffersLimit)));
    conditions.push(filter.available ? available : sql`not (${available})`);
  }
  return conditions;
}

function ofDefinition(slug: string): SQL {
  // The ids first: they lead into an index, which a question about each agent cannot.
  return sql`a.definition_id = any(array(select d.id from agent_definitions d where d.slug = ${slug})) and exists (select from agent_definitions d where d.id = a.definition_id and d.slug = ${slug} and (d.workspace_id is not null or
    not exists (select from agent_definitions own where own.workspace_id = a.workspace_id and own.slug = ${slug})))`;
}

function searched(search: string): SQL {
  const id = parseId("agent", search);
  if (id !== null) return sql`a.id = ${id}`;
  return sql`a.name ilike ${`%${search.replaceAll(/[\\%_]/g, "\\$&")}%`}`;
}
