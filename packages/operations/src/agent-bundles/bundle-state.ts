import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { Json } from "@muster/domain/json.ts";
import { contextScopeOf } from "../contexts/context-scope.ts";

/** A version of an agent's own context, as a bundle has it. */
export interface BundledContext {
  readonly contextId: string;
  readonly name: string;
  readonly version: number;
  readonly dataHash: string;
  /** Whether retention has removed its data. */
  readonly pruned: boolean;
}

/** All that a bundle holds: an agent's definition version, config and limits, and its own contexts that were written by then. */
export interface BundleState {
  readonly agentId: string;
  readonly number: number;
  readonly definitionVersion: number;
  readonly config: Json;
  readonly maxConcurrency: number;
  /** By name. */
  readonly contexts: readonly BundledContext[];
}

/** Names one bundle. */
export interface BundleKey {
  readonly agentId: string;
  readonly number: number;
}

/** SQL, with the numbers of the three parameters that `contextScopeOf` gives: an agent's own credentials see its own bundles alone. */
function inBundleScope(agent: string, first: number): string {
  const [workspaces, projects] = [first, first + 1].map((number) => `$${number}::uuid[]`);
  const self = `$${first + 2}::uuid`;
  return (
    `(${workspaces} is null or ${agent}.workspace_id = any(${workspaces})) and (${projects} is null or ${agent}.project_id = any(${projects})) ` +
    `and (${self} is null or ${agent}.id = ${self})`
  );
}

const statesByKey = statement<BundleState>(`
  select a.id as "agentId", wanted.number, itself.definition_version as "definitionVersion", itself.config,
         itself.max_concurrency as "maxConcurrency", own.contexts
  from unnest($1::uuid[], $2::int[]) as wanted(agent_id, number)
  join agents a on a.id = wanted.agent_id and ${inBundleScope("a", 3)}
  join agent_bundle_heads h on h.agent_id = a.id and wanted.number between 1 and h.number
  cross join lateral (
    select b.definition_version, b.config, b.max_concurrency from agent_bundles b
    where b.agent_id = a.id and b.context_id is null and b.number <= wanted.number
    order by b.number desc limit 1) itself
  cross join lateral (
    select coalesce(jsonb_agg(jsonb_build_object('contextId', c.id, 'name', c.name, 'version', v.number, 'dataHash', v.data_hash,
                                                 'pruned', v.pruned_at is not null) order by c.name, c.id), '[]') as contexts
    from contexts c
    cross join lateral (
      select b.context_version from agent_bundles b
      where b.agent_id = a.id and b.context_id = c.id and b.number <= wanted.number
      order by b.number desc limit 1) newest
    join context_versions v on v.context_id = c.id and v.number = newest.context_version
    where c.agent_id = a.id) own`);

/** Those of the bundles that exist and that the caller may see, in any order. */
export async function loadBundleStates(
  connection: Connection,
  caller: Caller,
  keys: readonly BundleKey[],
): Promise<BundleState[]> {
  return connection.run(statesByKey, [
    keys.map((key) => key.agentId),
    keys.map((key) => key.number),
    ...contextScopeOf(caller),
  ]);
}
