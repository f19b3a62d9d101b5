import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import { idsAtTimes } from "@muster/events/id-at-time.ts";
import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { agentConditions, AgentFilter, type AgentFilterInput } from "../agents/agent-filter.ts";
import { authorize } from "../authorize.ts";
import { parseInput } from "../input.ts";
import { processOf, type Runtime } from "../runtime.ts";
import { time } from "./event-filter.ts";

const MOST_SLICES = 100;
/** Beyond that, those count that moved last. */
const MOST_AGENTS = 10_000;
/** So many transitions of an agent are read one by one. */
const MOST_READ = 50;

const TransitionRange = z.object({
  from: time,
  to: time,
  buckets: z.int().min(1, "must be at least 1.").max(MOST_SLICES, `must be at most ${MOST_SLICES}.`),
});
/** From when to when, in how many slices of one length. */
export type TransitionRange = z.input<typeof TransitionRange>;

/**
 * How often agents of each project moved in each slice of a time: from its beginning on and before its end, to within what clocks
 * are corrected by. What is read grows with the agents that have moved since, not with how often: of an agent that moved often it
 * is the last transition before each slice's end, as an agent's version counts them. Throws `InvalidInput` for a range that cannot be.
 */
export async function countTransitions(
  runtime: Runtime,
  caller: Caller,
  projectIds: readonly string[],
  range: TransitionRange,
  filter?: AgentFilterInput | null,
): Promise<ReadonlyMap<string, number[]>> {
  caller = authorize(caller, "agent.read");
  caller = authorize(caller, "event.read");
  const { from, to, buckets } = parseInput(TransitionRange, range);
  const wanted = parseInput(AgentFilter, filter ?? {});
  if (from >= to) throw new InvalidInput([{ path: ["to"], message: "must be later than from." }]);
  const length = (to.getTime() - from.getTime()) / buckets;
  const ends = Array.from({ length: buckets + 1 }, (_, slice) => new Date(Math.round(from.getTime() + slice * length)));
  // Where times lie in the log is nobody's secret, and who sees little of it would look for long.
  const bounds = sql`${sql.param(await idsAtTimes(processOf(runtime).database, ends))}::bigint[]`;
  const moved = agentConditions(caller, sql`a.project_id = listed.id`, wanted, runtime.settings);
  moved.push(sql`a.state_since >= ${from.toISOString()}::timestamptz`);
  // "offset 0": what was found is found once for an agent, and not anew wherever it is used.
  const rows = await runtime.database.query<{ projectId: string; slice: number; count: number }>(sql`
    select listed.id as "projectId", counted.slice, sum(counted.moves)::int as count
    from unnest(${sql.param([...projectIds])}::uuid[]) listed(id)
      cross join lateral (
        select a.id, a.version from agents a where ${sql.join(moved, sql` and `)} order by a.state_since desc limit ${MOST_AGENTS}) moved
      cross join lateral (
        select array(select e.id from events e
          where ${transitionsBetween(sql`(${bounds})[1]`, sql`(${bounds})[${buckets + 1}]`)} order by e.agent_id, e.id limit ${MOST_READ + 1}) as ids offset 0) found
      cross join lateral (
        select width_bucket(id, ${bounds}) - 1 as slice, count(*) as moves from unnest(found.ids) id
        where cardinality(found.ids) <= ${MOST_READ} group by 1
        union all
        select told.slice, told.version - lag(told.version) over (order by told.slice) from (
          select bound.number::int - 2 as slice, coalesce(
            (select e.subject_version from events e where ${transitionsBetween(sql`0`, sql`bound.id`)}
              order by e.agent_id desc, e.id desc limit 1),
            (select e.subject_version - 1 from events e where ${transitionsBetween(sql`0`, LAST_ID)}
              order by e.agent_id, e.id limit 1)) as version
          from unnest(${bounds}) with ordinality bound(id, number)
          where cardinality(found.ids) > ${MOST_READ}) told) counted
    where counted.slice >= 0 group by 1, 2`);
  const counts = new Map(rows.map(({ projectId, slice, count }) => [`${projectId} ${slice}`, count]));
  return new Map(
    projectIds.map((projectId) => [
      projectId,
      Array.from({ length: buckets }, (_, slice) => counts.get(`${projectId} ${slice}`) ?? 0),
    ]),
  );
}

const LAST_ID = sql`9223372036854775807`;

/**
 * Whether the event `e` is a transition of the agent `moved`, with an id from `from` on and before `to`. As rows, and so to be ordered
 * by: only the index of the agent fits, where a planner could else walk over everybody's events by their id.
 */
function transitionsBetween(from: SQL, to: SQL): SQL {
  return sql`e.type = 'agent.transitioned' and (e.agent_id, e.id) >= (moved.id, ${from}::bigint) and (e.agent_id, e.id) < (moved.id, ${to}::bigint)`;
}
