import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { AGENT_STATES, type AgentState } from "@muster/domain/agent-lifecycle.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { sql } from "drizzle-orm";
import { authorize, reachOf } from "../authorize.ts";
import { countsByState } from "../count-by-state.ts";
import { parseInput } from "../input.ts";
import { type ListQuery, type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import { type Agent, agentColumns } from "./agent.ts";
import { agentConditions, AgentFilter, type AgentFilterInput } from "./agent-filter.ts";
import { getAgentRows } from "./agent-rows.ts";

export const AGENT_ORDER_FIELDS = ["NAME", "STATE_SINCE", "CREATED_AT"] as const;
export type AgentOrderField = (typeof AGENT_ORDER_FIELDS)[number];

export interface AgentOrder {
  readonly field: AgentOrderField;
  readonly direction: "ASC" | "DESC";
}

/** Each is served by an index on the project, this column and the id. */
const ORDER_COLUMNS: Record<AgentOrderField, ListQuery["orderBy"][number]> = {
  NAME: { expression: sql`a.name`, type: "text" },
  STATE_SINCE: { expression: sql`a.state_since`, type: "timestamptz" },
  CREATED_AT: { expression: sql`a.created_at`, type: "timestamptz" },
};

const heartbeatsById = statement<{ agentId: string; at: Date }>(`
  select h.agent_id as "agentId", h.at from agent_heartbeats h join agents a on a.id = h.agent_id
  where h.agent_id = any($1::uuid[]) and ($2::uuid[] is null or a.workspace_id = any($2)) and ($3::uuid[] is null or a.project_id = any($3))`);

/** The agents with these ids that the caller may see, in any order. */
export async function getAgents(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<Agent[]> {
  caller = authorize(caller, "agent.read");
  return getAgentRows(runtime, caller, ids);
}

/** When the agents with these ids gave their last sign of life; none for those that never did. */
export async function getLastHeartbeats(
  runtime: Runtime,
  caller: Caller,
  ids: readonly string[],
): Promise<{ readonly agentId: string; readonly at: Date }[]> {
  caller = authorize(caller, "agent.read");
  return runtime.database.run(heartbeatsById, [ids, ...reachOf(caller)]);
}

/** Whose agents: those of projects, or those of definitions in all that the caller may see. */
export type AgentScope = { readonly projectIds: readonly string[] } | { readonly definitionIds: readonly string[] };

/** A page of each project's agents, by name unless another order is asked for; or of each definition's, by id. */
export async function listAgents(
  runtime: Runtime,
  caller: Caller,
  scope: AgentScope,
  { filter, orderBy, page }: { filter?: AgentFilterInput | null; orderBy?: AgentOrder | null; page: PageArguments },
): Promise<Pages<Agent>> {
  caller = authorize(caller, "agent.read");
  const parsed = parseInput(AgentFilter, filter ?? {});
  const id = { expression: sql`a.id`, type: "uuid" } as const;
  const ofProjects = "projectIds" in scope;
  const inScope = ofProjects ? sql`a.project_id = ${PARENT}` : sql`a.definition_id = ${PARENT}`;
  return readPages<Agent>(
    runtime.database,
    {
      columns: sql.raw(agentColumns("a")),
      from: sql`agents a`,
      where: agentConditions(caller, inScope, parsed, runtime.settings),
      orderBy: ofProjects ? [ORDER_COLUMNS[orderBy?.field ?? "NAME"], id] : [id],
      direction: orderBy?.direction ?? "ASC",
    },
    ofProjects ? scope.projectIds : scope.definitionIds,
    page,
  );
}

export interface AgentStateCount {
  readonly state: AgentState;
  readonly count: number;
}

/** How many agents of each project that the filter lets through are in each state: every state, in the lifecycle's order. */
export async function countAgentsByState(
  runtime: Runtime,
  caller: Caller,
  projectIds: readonly string[],
  filter?: AgentFilterInput | null,
): Promise<ReadonlyMap<string, AgentStateCount[]>> {
  caller = authorize(caller, "agent.read");
  const parsed = parseInput(AgentFilter, filter ?? {});
  const inScope = sql`a.project_id = any(${sql.param([...projectIds])}::uuid[])`;
  const conditions = agentConditions(caller, inScope, parsed, runtime.settings);
  const rows = await runtime.database.query<{ projectId: string; state: AgentState; count: number }>(
    sql`select a.project_id as "projectId", a.state, count(*)::int as count from agents a where ${sql.join(conditions, sql` and `)} group by 1, 2`,
  );
  return countsByState(projectIds, AGENT_STATES, rows);
}
