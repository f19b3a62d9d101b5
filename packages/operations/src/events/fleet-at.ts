import type { Caller } from "@muster/domain/actor.ts";
import { AGENT_STATES, type AgentState } from "@muster/domain/agent-lifecycle.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { idAfter, idBefore } from "@muster/events/id-at-time.ts";
import { retainedSince } from "@muster/events/retention-bound.ts";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { type Agent, agentColumns } from "../agents/agent.ts";
import { agentConditions, AgentFilter, type AgentFilterInput } from "../agents/agent-filter.ts";
import type { AgentStateCount } from "../agents/agent-queries.ts";
import { countsByState } from "../count-by-state.ts";
import { parseInput } from "../input.ts";
import { mapPages, type Pages, PARENT, readPages } from "../page-query.ts";
import { processOf, type Runtime } from "../runtime.ts";
import { time } from "./event-filter.ts";

/** An agent as it is now, and the state that it had then. */
export interface FleetSnapshotAgent {
  readonly agent: Agent;
  readonly state: AgentState;
  /** Since when it had that state. */
  readonly since: Date;
}

/** A time in the past, and where it lies in the log. */
export interface FleetMoment {
  readonly at: Date;
  /** All events up to `at` have this id or a lower one. Decimal. */
  readonly lastId: string;
  /** All events from `at` on have a higher id than this. Decimal. */
  readonly idBefore: string;
}

/** Finds a time in the log. A time to come is taken for the present. Throws `InvalidInput` for one that no calendar has. */
export async function findMoment(runtime: Runtime, caller: Caller, asked: Date): Promise<FleetMoment> {
  caller = authorize(caller, "agent.read");
  caller = authorize(caller, "event.read");
  // Of the whole log: who sees little of it would look for long.
  const { database } = processOf(runtime);
  const given = parseInput(z.object({ at: time }), { at: asked }).at;
  const [present] = await database.query<{ at: Date }>(
    sql`select least(${given.toISOString()}::timestamptz, clock_timestamp()) as at`,
  );
  const at = present?.at ?? given;
  const [before, lastId] = await Promise.all([idBefore(database, at), idAfter(database, at)]);
  return { at, lastId, idBefore: before };
}

/**
 * Whether the fleet then is known, by project: false when retention has removed events that are needed, and some states may
 * be wrong.
 */
export async function knowsFleetAt(
  runtime: Runtime,
  caller: Caller,
  { at }: FleetMoment,
  projectIds: readonly string[],
): Promise<ReadonlyMap<string, boolean>> {
  caller = authorize(caller, "agent.read");
  caller = authorize(caller, "event.read");
  const retained = await retainedSince(runtime.database, projectIds);
  return new Map(
    projectIds.map((projectId) => {
      const since = retained.get(projectId) ?? null;
      return [projectId, since === null || at >= since];
    }),
  );
}

/** Which of the agents then: by the state that each had then, and by what it is now. */
export type FleetSnapshotFilter = Pick<
  AgentFilterInput,
  "states" | "search" | "definitionId" | "definitionSlug" | "labels"
>;

/** A page of the agents that each project had then, by name, with the state that each had. */
export async function listFleetAt(
  runtime: Runtime,
  caller: Caller,
  moment: FleetMoment,
  projectIds: readonly string[],
  page: PageArguments,
  filter?: FleetSnapshotFilter | null,
): Promise<Pages<FleetSnapshotAgent>> {
  const { state, since } = stateThen(moment);
  const found = await readPages<Agent & { stateThen: AgentState; sinceThen: Date }>(
    runtime.database,
    {
      columns: sql`${sql.raw(agentColumns("a"))}, ${state} as "stateThen", ${since} as "sinceThen"`,
      from: sql`agents a`,
      where: agentsThen(runtime, caller, moment, sql`a.project_id = ${PARENT}`, filter),
      orderBy: [
        { expression: sql`a.name`, type: "text" },
        { expression: sql`a.id`, type: "uuid" },
      ],
      direction: "ASC",
    },
    projectIds,
    page,
  );
  return mapPages(found, ({ stateThen: then, sinceThen, ...agent }) => ({ agent, state: then, since: sinceThen }));
}

/** How many of each project's agents were in each state then: every state, in the lifecycle's order. */
export async function countFleetAt(
  runtime: Runtime,
  caller: Caller,
  moment: FleetMoment,
  projectIds: readonly string[],
  filter?: FleetSnapshotFilter | null,
): Promise<ReadonlyMap<string, AgentStateCount[]>> {
  const inScope = sql`a.project_id = any(${sql.param([...projectIds])}::uuid[])`;
  const where = agentsThen(runtime, caller, moment, inScope, filter);
  const rows = await runtime.database.query<{ projectId: string; state: AgentState; count: number }>(
    sql`select a.project_id as "projectId", ${stateThen(moment).state} as state, count(*)::int as count
        from agents a where ${sql.join(where, sql` and `)} group by 1, 2`,
  );
  return countsByState(projectIds, AGENT_STATES, rows);
}

/** The conditions for the agents `a` of a scope, itself a condition, that existed then and that the filter lets through. */
function agentsThen(
  runtime: Runtime,
  caller: Caller,
  moment: FleetMoment,
  scope: SQL,
  given: FleetSnapshotFilter | null | undefined,
): SQL[] {
  caller = authorize(caller, "agent.read");
  caller = authorize(caller, "event.read");
  const { states, ...filter } = parseInput(AgentFilter, given ?? {});
  const conditions = agentConditions(caller, scope, filter, runtime.settings);
  conditions.push(sql`a.created_at <= ${moment.at.toISOString()}::timestamptz`);
  if (states) conditions.push(sql`${stateThen(moment).state} = any(${sql.param(states)}::text[])`);
  return conditions;
}

/**
 * The state of agent `a` at a moment, and since when: its present one where it has not moved since; else the `to` of its last
 * transition up to then, else the `from` of its first one after it. They are expressions and no joins, so that a page reads the
 * history of its own agents alone, and of all only when it looks for states.
 */
export function stateThen({ at, lastId, idBefore: before }: FleetMoment): { state: SQL; since: SQL } {
  const moment = sql`${at.toISOString()}::timestamptz`;
  const last = (column: SQL) => sql`(
    select ${column} from events e where ${transitionOf("a")} and e.id <= ${lastId}::bigint and e.at <= ${moment}
    order by e.id desc limit 1)`;
  const next = sql`(
    select e.payload ->> 'from' from events e where ${transitionOf("a")} and e.id > ${before}::bigint and e.at > ${moment}
    order by e.id limit 1)`;
  return {
    state: sql`case when a.state_since <= ${moment} then a.state else coalesce(${last(sql`e.payload ->> 'to'`)}, ${next}, a.state) end`,
    since: sql`case when a.state_since <= ${moment} then a.state_since else coalesce(${last(sql`e.at`)}, a.created_at) end`,
  };
}

/**
 * The condition that the event `e` is a transition of an agent, as its index has them. The subject is that agent, always: to say
 * so as well would make the planner expect next to nothing, and read an agent's whole history for its last line.
 */
export function transitionOf(agent: string): SQL {
  return sql`e.agent_id = ${sql.identifier(agent)}.id and e.type = 'agent.transitioned'`;
}
