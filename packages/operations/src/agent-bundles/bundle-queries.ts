import { statement } from "@muster/database/statement.ts";
import type { ActorKind, Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { sql } from "drizzle-orm";
import { authorize, reachOf } from "../authorize.ts";
import { withinReach } from "../caller-values.ts";
import { callingAgent } from "../contexts/context-scope.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import { type BundleDifference, loadDifferences } from "./bundle-difference.ts";
import { type BundleState, loadBundleStates } from "./bundle-state.ts";

/** What a bundle has that the one before it had not. REGISTRATION: it is the first. */
export type BundleChange = "REGISTRATION" | "DEFINITION_VERSION" | "CONFIG" | "LIMITS" | "CONTEXT";

/** A numbered change of what makes an agent what it is. */
export interface AgentBundle {
  readonly agentId: string;
  readonly number: number;
  readonly changes: readonly BundleChange[];
  /** Of a change of a context: which, and its version from then on. */
  readonly contextId: string | null;
  readonly contextVersion: number | null;
  /** Set where a rollback of the whole agent made it: the bundle that it went back to. */
  readonly rolledBackTo: number | null;
  readonly reason: string | null;
  readonly author: { readonly kind: ActorKind; readonly id: string | null; readonly name: string };
  readonly createdAt: Date;
}

const heads = statement<{ agentId: string; number: number }>(`
  select h.agent_id as "agentId", h.number from agent_bundle_heads h join agents a on a.id = h.agent_id
  where h.agent_id = any($1::uuid[]) and ($2::uuid[] is null or a.workspace_id = any($2)) and ($3::uuid[] is null or a.project_id = any($3))`);

/** The newest bundle's number of each of the agents that the caller may see. */
export async function getBundleNumbers(
  runtime: Runtime,
  caller: Caller,
  agentIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  caller = authorize(caller, "agent.read");
  const found = await runtime.database.run(heads, [agentIds, ...reachOf(caller)]);
  return new Map(found.map((head) => [head.agentId, head.number]));
}

const COLUMNS = `
  b.agent_id as "agentId", b.number, b.context_id as "contextId", b.context_version as "contextVersion",
  b.rolled_back_to as "rolledBackTo", b.reason, b.author, b.created_at as "createdAt",
  case when b.context_id is not null then array['CONTEXT'] when prior.number is null then array['REGISTRATION']
    else array_remove(array[
      case when prior.definition_version <> b.definition_version then 'DEFINITION_VERSION' end,
      case when prior.config <> b.config then 'CONFIG' end,
      case when prior.max_concurrency <> b.max_concurrency then 'LIMITS' end], null) end as changes`;

/** A page of the bundles of each agent, the newest first. An agent's own credentials see its own alone. */
export async function listBundles(
  runtime: Runtime,
  caller: Caller,
  agentIds: readonly string[],
  page: PageArguments,
): Promise<Pages<AgentBundle>> {
  caller = authorize(caller, "agent.read");
  const self = callingAgent(caller);
  return readPages<AgentBundle>(
    runtime.database,
    {
      columns: sql.raw(COLUMNS),
      from: sql`agents a join agent_bundles b on b.agent_id = a.id left join lateral (
        select p.* from agent_bundles p
        where b.context_id is null and p.agent_id = b.agent_id and p.context_id is null and p.number < b.number
        order by p.number desc limit 1) prior on true`,
      where: [
        sql`b.agent_id = ${PARENT}`,
        withinReach(caller, "a"),
        sql`(${self}::uuid is null or b.agent_id = ${self})`,
      ],
      orderBy: [{ expression: sql`b.number`, type: "integer" }],
      direction: "DESC",
    },
    agentIds,
    page,
  );
}

/** All that each agent was at its bundle with this number. `NotFound` is in the place of one that has no such bundle. */
export async function getBundleStates(
  runtime: Runtime,
  caller: Caller,
  agentIds: readonly string[],
  number: number,
): Promise<ReadonlyMap<string, BundleState | NotFound>> {
  caller = authorize(caller, "agent.read");
  const keys = agentIds.map((agentId) => ({ agentId, number }));
  const found = await loadBundleStates(runtime.database, caller, keys);
  const byAgent = new Map(found.map((state) => [state.agentId, state]));
  return new Map(agentIds.map((agentId) => [agentId, byAgent.get(agentId) ?? new NotFound("agent bundle")]));
}

/** What differs between two bundles of each agent. `NotFound` is in the place of one that has not both of them. */
export async function diffBundles(
  runtime: Runtime,
  caller: Caller,
  agentIds: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<ReadonlyMap<string, BundleDifference | NotFound>> {
  caller = authorize(caller, "agent.read");
  const pairs = agentIds.map((agentId) => ({ agentId, from, to }));
  const found = await loadDifferences(runtime.database, caller, pairs);
  return new Map(agentIds.map((agentId) => [agentId, found.get(agentId) ?? new NotFound("agent bundle")]));
}
