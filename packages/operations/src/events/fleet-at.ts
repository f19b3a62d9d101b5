import type { Caller } from "@muster/domain/actor.ts";
import { AGENT_STATES, type AgentState } from "@muster/domain/agent-lifecycle.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { idAfter, idBefore } from "@muster/events/id-at-time.ts";
import { retainedSince } from "@muster/events/retention.ts";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { type Agent, agentColumns } from "../agents/agent.ts";
import { parseInput } from "../input.ts";
import { type CountedPage, readPage } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import { time } from "./event-filter.ts";

/** An agent as it is now, and the state that it had then. */
export interface FleetSnapshotAgent {
  readonly agent: Agent;
  readonly state: AgentState;
  /** Since when it had that state. */
  readonly since: Date;
}

/** The agents of a project at one time. */
export interface FleetSnapshot {
  readonly at: Date;
  /** False when retention has removed events that this needs: then some states may be wrong. */
  readonly complete: boolean;
  /** The agents that existed then, by name. */
  agents(page: PageArguments): Promise<CountedPage<FleetSnapshotAgent>>;
  /** How many of them were in each state: every state, in the lifecycle's order. */
  counts(): Promise<{ readonly state: AgentState; readonly count: number }[]>;
}

/**
 * The fleet of a project at a time: an agent's state then is the `to` of its last transition up to it, else the `from` of
 * its first one after it, else its present state. A time to come is taken for the present. Throws `InvalidInput` for a
 * time that no calendar has.
 */
export async function fleetAt(
  runtime: Runtime,
  caller: Caller,
  projectId: string,
  asked: Date,
): Promise<FleetSnapshot> {
  authorize(caller, "agent.read");
  authorize(caller, "event.read");
  const { database } = runtime;
  const given = parseInput(z.object({ at: time }), { at: asked }).at;
  const [present] = await database.query<{ at: Date }>(
    sql`select least(${given.toISOString()}::timestamptz, clock_timestamp()) as at`,
  );
  const at = present?.at ?? given;
  const [before, after, retained] = await Promise.all([
    idBefore(database, at),
    idAfter(database, at),
    retainedSince(database),
  ]);
  const moment = sql`${at.toISOString()}::timestamptz`;
  const transition = sql`e.agent_id = a.id and e.subject_id = a.id and e.type = 'agent.transitioned'`;
  const from = sql`agents a left join lateral (
    select e.payload ->> 'to' as state, e.at from events e
    where ${transition} and e.id <= ${after}::bigint and e.at <= ${moment} order by e.id desc limit 1) last on true`;
  const state = sql`coalesce(last.state, (
    select e.payload ->> 'from' from events e
    where ${transition} and e.id > ${before}::bigint and e.at > ${moment} order by e.id limit 1), a.state)`;
  const [workspace, project] = reachOf(caller);
  const where = [
    sql`a.project_id = ${projectId}::uuid and a.created_at <= ${moment}`,
    ...(workspace === null ? [] : [sql`a.workspace_id = ${workspace}::uuid`]),
    ...(project === null ? [] : [sql`a.project_id = ${project}::uuid`]),
  ];

  return {
    at,
    complete: retained === null || at >= retained,
    async agents(page) {
      const columns = sql`${sql.raw(agentColumns("a"))}, ${state} as "stateThen", coalesce(last.at, a.created_at) as "sinceThen"`;
      const orderBy = [
        { expression: sql`a.name`, type: "text" },
        { expression: sql`a.id`, type: "uuid" },
      ] as const;
      const found = await readPage<Agent & { stateThen: AgentState; sinceThen: Date }>(
        database,
        { columns, from, where, orderBy, direction: "ASC" },
        page,
      );
      const edges = found.edges.map(({ cursor, node: { stateThen, sinceThen, ...agent } }) => ({
        cursor,
        node: { agent, state: stateThen, since: sinceThen },
      }));
      return { ...found, edges };
    },
    async counts() {
      const rows = await database.query<{ state: AgentState; count: number }>(
        sql`select ${state} as state, count(*)::int as count from ${from} where ${sql.join(where, sql` and `)} group by 1`,
      );
      const counts = new Map(rows.map((row) => [row.state, row.count]));
      return AGENT_STATES.map((known) => ({ state: known, count: counts.get(known) ?? 0 }));
    },
  };
}
