import type { Caller } from "@muster/domain/actor.ts";
import type { AgentState } from "@muster/domain/agent-lifecycle.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { sql } from "drizzle-orm";
import { authorize } from "../authorize.ts";
import { type Agent, agentColumns } from "../agents/agent.ts";
import { agentConditions, AgentFilter } from "../agents/agent-filter.ts";
import { parseInput } from "../input.ts";
import { mapPages, type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import { findMoment, type FleetMoment, type FleetSnapshotFilter, stateThen, transitionOf } from "./fleet-at.ts";

/** What became of an agent between two moments. */
export interface FleetChange {
  /** As it is now. */
  readonly agent: Agent;
  /** null: it was not registered yet. */
  readonly stateBefore: AgentState | null;
  readonly stateAfter: AgentState;
  /** How often it moved in between. */
  readonly transitions: number;
  /** The last of these moves; null when there was none, because all that happened is that it was registered. */
  readonly last: { readonly eventId: string; readonly at: Date; readonly reason: string | null } | null;
}

/** Two moments, the earlier one first. */
export interface FleetSpan {
  readonly from: FleetMoment;
  readonly to: FleetMoment;
}

/** Finds two times in the log. Throws `InvalidInput` for one that no calendar has, and when the second is not the later one. */
export async function findSpan(runtime: Runtime, caller: Caller, from: Date, to: Date): Promise<FleetSpan> {
  if (from >= to) throw new InvalidInput([{ path: ["to"], message: "must be later than from." }]);
  const [earlier, later] = await Promise.all([findMoment(runtime, caller, from), findMoment(runtime, caller, to)]);
  return { from: earlier, to: later };
}

interface Turn {
  readonly state: AgentState;
  readonly version: number;
}

interface Row extends Agent {
  readonly isNew: boolean;
  /** Its last transition before the span, and its first one after the span's beginning, by the version that it had before it. */
  readonly before: Turn | null;
  readonly next: Turn | null;
  readonly lastState: AgentState | null;
  readonly lastVersion: number;
  readonly lastId: string | null;
  readonly lastAt: Date | null;
  readonly lastReason: string | null;
}

/**
 * A page of the agents of each project that moved, or were registered, after the first moment and up to the second, by name. An
 * agent's version counts its transitions: how many there were in between is told by the two ends. The filter's states are those of
 * either moment; all else in it goes by what an agent is now.
 */
export async function listFleetChanges(
  runtime: Runtime,
  caller: Caller,
  { from, to }: FleetSpan,
  projectIds: readonly string[],
  page: PageArguments,
  given?: FleetSnapshotFilter | null,
): Promise<Pages<FleetChange>> {
  caller = authorize(caller, "agent.read");
  caller = authorize(caller, "event.read");
  const { states, ...filter } = parseInput(AgentFilter, given ?? {});
  const begin = sql`${from.at.toISOString()}::timestamptz`;
  const end = sql`${to.at.toISOString()}::timestamptz`;
  const listed = sql`${sql.param(states)}::text[]`;
  const found = await readPages<Row>(
    runtime.database,
    {
      columns: sql`${sql.raw(agentColumns("a"))}, a.created_at > ${begin} as "isNew",
        (select jsonb_build_object('state', e.payload ->> 'to', 'version', e.subject_version) from events e
          where ${transitionOf("a")} and e.id <= ${from.lastId}::bigint and e.at <= ${begin} order by e.id desc limit 1) as before,
        (select jsonb_build_object('state', e.payload ->> 'from', 'version', e.subject_version - 1) from events e
          where ${transitionOf("a")} and e.id > ${from.idBefore}::bigint and e.at > ${begin} order by e.id limit 1) as next,
        last.state as "lastState", last.version as "lastVersion", last.id::text as "lastId", last.at as "lastAt", last.reason as "lastReason"`,
      from: sql`agents a left join lateral (
        select e.id, e.payload ->> 'to' as state, e.subject_version as version, e.at, e.reason from events e
        where a.state_since > ${begin} and ${transitionOf("a")} and e.id <= ${to.lastId}::bigint and e.at <= ${end}
        order by e.id desc limit 1) last on last.at > ${begin}`,
      where: [
        ...agentConditions(caller, sql`a.project_id = ${PARENT}`, filter, runtime.settings),
        sql`a.created_at <= ${end} and (a.created_at > ${begin} or last.at is not null)`,
        ...(states
          ? [
              sql`(${stateThen(to).state} = any(${listed}) or a.created_at <= ${begin} and ${stateThen(from).state} = any(${listed}))`,
            ]
          : []),
      ],
      orderBy: [
        { expression: sql`a.name`, type: "text" },
        { expression: sql`a.id`, type: "uuid" },
      ],
      direction: "ASC",
    },
    projectIds,
    page,
  );
  return mapPages(found, changeOf);
}

function changeOf({
  isNew,
  before,
  next,
  lastState,
  lastVersion,
  lastId,
  lastAt,
  lastReason,
  ...agent
}: Row): FleetChange {
  const origin = before ?? next;
  return {
    agent,
    stateBefore: isNew ? null : (origin?.state ?? agent.state),
    stateAfter: lastState ?? origin?.state ?? agent.state,
    transitions: lastState === null ? 0 : lastVersion - (origin?.version ?? lastVersion),
    last: lastId === null || lastAt === null ? null : { eventId: lastId, at: lastAt, reason: lastReason },
  };
}
