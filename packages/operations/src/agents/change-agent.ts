import { isDeepStrictEqual } from "node:util";
import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { Json } from "@muster/domain/json.ts";
import { redactSecrets } from "@muster/domain/redact-secrets.ts";
import { appendEvents } from "@muster/events/append.ts";
import { appendBundle } from "../agent-bundles/append-bundle.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { changesOf } from "../changes.ts";
import { type Agent, agentColumns } from "./agent.ts";
import { agentEvents } from "./agent-event.ts";

const CHANGES = `array_remove(array[
      case when $8::text <> a.name then 'name' end,
      case when $9::jsonb <> a.config then 'config' end,
      case when $10::jsonb <> a.labels then 'labels' end,
      case when $11::int <> a.max_concurrency then 'maxConcurrency' end,
      case when $12::int <> a.definition_version then 'definitionVersion' end], null)`;

/** What its process has declared stays; what the definition's version gives is exchanged. */
const CAPABILITIES = `array(
      select unnest(a.capabilities) except select unnest(present.capabilities)
      union select unnest(wanted.capabilities) order by 1)`;

const changeStatement = statement<Agent>(`
  with change as (
    select a.id, ${CHANGES} as changed, case when wanted.version is not null then ${CAPABILITIES} end as capabilities
    from agents a
    join agent_definition_versions present on present.definition_id = a.definition_id and present.version = a.definition_version
    left join agent_definition_versions wanted
      on wanted.definition_id = a.definition_id and wanted.version = $12 and wanted.version <> a.definition_version
    where a.id = $7 and ${inReach("a")}
  ),
  updated as (
    update agents a
    set name = coalesce($8, a.name), config = coalesce($9, a.config), labels = coalesce($10, a.labels),
        max_concurrency = coalesce($11, a.max_concurrency), config_version = a.config_version + ('config' = any(c.changed))::int,
        definition_version = coalesce($12, a.definition_version), capabilities = coalesce(c.capabilities, a.capabilities)
    from change c where a.id = c.id and cardinality(c.changed) > 0
    returning a.*, c.changed
  ),
  bundling as (select * from updated where changed && array['config', 'maxConcurrency', 'definitionVersion']),
  ${appendBundle({
    source: "bundling",
    agent: "s.id",
    change: { definition_version: "s.definition_version", config: "s.config", max_concurrency: "s.max_concurrency" },
    author: ["$1", "$2", "$3"],
    rolledBackTo: "$14",
    reason: "$13",
  })},
  happened as (${agentEvents("updated", {
    type: "agent.updated",
    payload:
      "jsonb_build_object('changed', changed, 'configVersion', config_version, 'definitionVersion', definition_version) || $15::jsonb",
    reason: "$13",
  })}),
  appended as (${appendEvents("happened")})
  select ${agentColumns("updated")} from updated`);

const schemasOf = statement<{ schema: { readonly [key: string]: Json } }>(`
  select config_schema as schema from agent_definition_versions where definition_id = $1 and version = any($2::int[])`);

/** What to change of an agent; the rest stays. */
export interface AgentChange {
  readonly name?: string | null | undefined;
  readonly config?: unknown;
  readonly labels?: unknown;
  readonly maxConcurrency?: number | null | undefined;
  readonly definitionVersion?: number | null | undefined;
  readonly reason?: string;
  /** The bundle that a rollback of the agent goes back to. */
  readonly toBundle?: number;
}

/**
 * Changes an agent that this transaction has locked, with its event, and a bundle where its definition version, config or limits
 * change. Null when it is all that already.
 */
export async function changeAgent(
  transaction: Connection,
  caller: Caller,
  agent: Agent,
  change: AgentChange,
): Promise<Agent | null> {
  const { name, config, labels, maxConcurrency, definitionVersion, reason, toBundle } = change;
  const [changed] = await transaction.run(changeStatement, [
    ...callerValues(caller),
    agent.id,
    name ?? null,
    config ? JSON.stringify(config) : null,
    labels ? JSON.stringify(labels) : null,
    maxConcurrency ?? null,
    definitionVersion ?? null,
    reason ?? null,
    toBundle ?? null,
    await describeChange(transaction, agent, change),
  ]);
  return changed ?? null;
}

/** Before and after for the event, without what either version of the definition calls a secret. */
async function describeChange(transaction: Connection, agent: Agent, change: AgentChange): Promise<string> {
  const { name, config, labels, maxConcurrency, definitionVersion } = change;
  const given = {
    name: name ?? undefined,
    labels: labels ?? undefined,
    maxConcurrency: maxConcurrency ?? undefined,
    definitionVersion: definitionVersion ?? undefined,
  };
  if (!config || isDeepStrictEqual(config, agent.config)) return changesOf(agent, given);
  const versions = [agent.definitionVersion, definitionVersion ?? agent.definitionVersion];
  const schemas = (await transaction.run(schemasOf, [agent.definitionId, versions])).map(({ schema }) => schema);
  const redacted = (value: unknown) =>
    schemas.reduce<Json>((left, schema) => redactSecrets(left, schema), redactSecrets(value as Json));
  const { before, after } = JSON.parse(changesOf(agent, given));
  return JSON.stringify({
    before: { ...before, config: redacted(agent.config) },
    after: { ...after, config: redacted(config) },
  });
}
