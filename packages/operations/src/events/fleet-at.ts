import type { Caller } from "@muster/domain/actor.ts";
import { AGENT_STATES, type AgentState } from "@muster/domain/agent-lifecycle.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { idAfter, idBefore } from "@muster/events/id-at-time.ts";
import { retainedSince } from "@muster/events/retention-bound.ts";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { type Agent, agentColumns } from "../agents/agent.ts";
import type { AgentStateCount } from "../agents/agent-queries.ts";
import { countsByState } from "../count-by-state.ts";
import { parseInput } from "../input.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
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
  authorize(caller, "agent.read");
  authorize(caller, "event.read");
  const { database } = runtime;
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
  authorize(caller, "agent.read");
  authorize(caller, "event.read");
  const retained = await retainedSince(runtime.database, projectIds);
  return new Map(
    projectIds.map((projectId) => {
      const since = retained.get(projectId) ?? null;
      return [projectId, since === null || at >= since];
    }),
  );
}

/** A page of the agents that each project had then, by name, with the state that each had. */
export async function listFleetAt(
  runtime: Runtime,
  caller: Caller,
  moment: FleetMoment,
  projectIds: readonly string[],
  page: PageArguments,
): Promise<Pages<FleetSnapshotAgent>> {
  const { from, state, where } = fleetThen(caller, moment, sql`a.project_id = ${PARENT}`);
  const found = await readPages<Agent & { stateThen: AgentState; sinceThen: Date }>(
    runtime.database,
    {
      columns: sql`${sql.raw(agentColumns("a"))}, ${state} as "stateThen", coalesce(last.at, a.created_at) as "sinceThen"`,
      from,
      where,
      orderBy: [
        { expression: sql`a.name`, type: "text" },
        { expression: sql`a.id`, type: "uuid" },
      ],
      direction: "ASC",
    },
    projectIds,
    page,
  );
  return new Map(
    [...found].map(([projectId, { edges, ...rest }]) => [
      projectId,
      {
        ...rest,
        edges: edges.map(({ cursor, node: { stateThen, sinceThen, ...agent } }) => ({
          cursor,
          node: { agent, state: stateThen, since: sinceThen },
        })),
      },
    ]),
  );
}

/** How many of each project's agents were in each state then: every state, in the lifecycle's order. */
export async function countFleetAt(
  runtime: Runtime,
  caller: Caller,
  moment: FleetMoment,
  projectIds: readonly string[],
): Promise<ReadonlyMap<string, AgentStateCount[]>> {
  const inScope = sql`a.project_id = any(${sql.param([...projectIds])}::uuid[])`;
  const { from, state, where } = fleetThen(caller, moment, inScope);
  const rows = await runtime.database.query<{ projectId: string; state: AgentState; count: number }>(
    sql`select a.project_id as "projectId", ${state} as state, count(*)::int as count from ${from} where ${sql.join(where, sql` and `)} group by 1, 2`,
  );
  return countsByState(projectIds, AGENT_STATES, rows);
}

/**
 * The agents `a` of a scope that existed then. An agent's state is the `to` of its last transition up to the moment, else the
 * `from` of its first one after it, else its present state.
 */
function fleetThen(caller: Caller, { at, lastId, idBefore: before }: FleetMoment, scope: SQL) {
  authorize(caller, "agent.read");
  authorize(caller, "event.read");
  const moment = sql`${at.toISOString()}::timestamptz`;
  const transition = sql`e.agent_id = a.id and e.subject_id = a.id and e.type = 'agent.transitioned'`;
  const [workspace, project] = reachOf(caller);
  return {
    from: sql`agents a left join lateral (
      select e.payload ->> 'to' as state, e.at from events e
      where ${transition} and e.id <= ${lastId}::bigint and e.at <= ${moment} order by e.id desc limit 1) last on true`,
    state: sql`coalesce(last.state, (
      select e.payload ->> 'from' from events e
      where ${transition} and e.id > ${before}::bigint and e.at > ${moment} order by e.id limit 1), a.state)`,
    where: [
      sql`${scope} and a.created_at <= ${moment}`,
      ...(workspace === null ? [] : [sql`a.workspace_id = ${workspace}::uuid`]),
      ...(project === null ? [] : [sql`a.project_id = ${project}::uuid`]),
    ],
  };
}
