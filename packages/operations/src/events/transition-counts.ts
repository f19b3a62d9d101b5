import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import { idsAfter } from "@muster/events/id-at-time.ts";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { agentConditions, AgentFilter, type AgentFilterInput } from "../agents/agent-filter.ts";
import { authorize } from "../authorize.ts";
import { parseInput } from "../input.ts";
import type { Runtime } from "../runtime.ts";
import { time } from "./event-filter.ts";
import { transitionOf } from "./fleet-at.ts";

const MOST_SLICES = 100;
/** Beyond that, those count that moved last. */
const MOST_AGENTS = 10_000;

const TransitionRange = z.object({
  from: time,
  to: time,
  buckets: z.int().min(1, "must be at least 1.").max(MOST_SLICES, `must be at most ${MOST_SLICES}.`),
});
/** From when to when, in how many slices of one length. */
export type TransitionRange = z.input<typeof TransitionRange>;

/**
 * How often agents of each project moved in each slice of a time: after its beginning and up to its end. What is asked for grows
 * with the agents that have moved since, not with how often they did: an agent's version counts its transitions, so that its last
 * one before the end of each slice tells. Throws `InvalidInput` for a range that cannot be.
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
  const above = await idsAfter(runtime.database, ends);
  const moved = agentConditions(caller, sql`a.project_id = listed.id`, wanted, runtime.settings);
  moved.push(sql`a.state_since > ${from.toISOString()}::timestamptz`);
  const rows = await runtime.database.query<{ projectId: string; slice: number; count: number }>(sql`
    select listed.id as "projectId", counted.slice, sum(counted.moves)::int as count
    from unnest(${sql.param([...projectIds])}::uuid[]) listed(id)
      cross join lateral (
        select a.id, coalesce((select e.subject_version - 1 from events e where ${transitionOf("a")} order by e.id limit 1), a.version) as first
        from agents a where ${sql.join(moved, sql` and `)} order by a.state_since desc limit ${MOST_AGENTS}) moved
      cross join lateral (
        select ended.slice, ended.version - lag(ended.version) over (order by ended.slice) as moves from (
          select slice::int - 2 as slice, coalesce((
            select e.subject_version from events e
            where ${transitionOf("moved")} and e.id <= bound.above and e.at <= bound.at order by e.id desc limit 1), moved.first) as version
          from unnest(${sql.param(ends.map((end) => end.toISOString()))}::timestamptz[], ${sql.param(above)}::bigint[])
            with ordinality bound(at, above, slice)) ended) counted
    where counted.slice >= 0 group by 1, 2`);
  const counts = new Map(rows.map(({ projectId, slice, count }) => [`${projectId} ${slice}`, count]));
  return new Map(
    projectIds.map((projectId) => [
      projectId,
      Array.from({ length: buckets }, (_, slice) => counts.get(`${projectId} ${slice}`) ?? 0),
    ]),
  );
}
