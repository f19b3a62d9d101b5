import { statement } from "@muster/database/statement.ts";
import type { AgentState } from "@muster/domain/agent-lifecycle.ts";
import type { Gap, Notable, Turn } from "./state-span.ts";

/** How an agent enters a range, and how often it moves within: `version` counts its transitions. */
export interface Entry {
  readonly agentId: string;
  readonly projectId: string;
  readonly state: AgentState;
  readonly version: number;
  readonly lastVersion: number;
  readonly createdAt: Date;
}

const OF_AGENT = "e.agent_id = a.id and e.type = 'agent.transitioned'";

/** $1 agents, $2 and $3 the range, $4 and $5 the ids up to its ends, $6 the id before its beginning; $7 and $8 how far the caller reaches. */
export const entriesOf = statement<Entry>(`
  select a.id as "agentId", a.project_id as "projectId", a.created_at as "createdAt", coalesce(before.state, next.state, a.state) as state,
    coalesce(before.version, next.version, a.version) as version,
    coalesce(last.version, before.version, next.version, a.version) as "lastVersion"
  from agents a
  left join lateral (select e.payload ->> 'to' as state, e.subject_version as version from events e
    where ${OF_AGENT} and e.id <= $4::bigint and e.at <= $2::timestamptz order by e.id desc limit 1) before on true
  left join lateral (select e.payload ->> 'from' as state, e.subject_version - 1 as version from events e
    where before.state is null and ${OF_AGENT} and e.id > $6::bigint and e.at > $2 order by e.id limit 1) next on true
  left join lateral (select e.subject_version as version from events e
    where ${OF_AGENT} and e.id > $6 and e.id <= $5::bigint and e.at <= $3::timestamptz and e.at > $2 order by e.id desc limit 1) last on true
  where a.id = any($1::uuid[]) and ($7::uuid[] is null or a.workspace_id = any($7)) and ($8::uuid[] is null or a.project_id = any($8))`);

/** Every transition of the agents $1 after $2 and up to $3, of which ids lie after $4 and up to $5; at most $6 of each. */
export const turnsOf = statement<Turn & { readonly agentId: string }>(`
  select a.id as "agentId", turn.* from unnest($1::uuid[]) as a(id) cross join lateral (
    select e.id::text as id, e.at, e.payload ->> 'to' as state from events e
    where ${OF_AGENT} and e.id > $4::bigint and e.id <= $5::bigint and e.at > $2::timestamptz and e.at <= $3::timestamptz
    order by e.id limit $6::int
  ) turn`);

/**
 * Which slice a transition is in. Its version says whether it is in the range at all, as where they are counted: one at its very end is.
 * Multiplied before it is divided: what begins a slice shall not come to lie before it by the rounding of a quotient.
 */
const SLICE = `case when e.subject_version <= w.entered then -1 when e.subject_version > w.left_with then $6::int
  else least($6 - 1, floor(extract(epoch from e.at - w.since) * $6 / w.length)::int) end`;

/**
 * Where the slices begin in the histories of the agents $1, which entered the range with the states $2 and versions $3 and left it
 * with the versions $4; $5 the ranges' beginnings, $6 how many slices, $7 the range's end, $8 the ids after which and $9 up to which
 * to look.
 *
 * Bisection: what lies between two transitions is looked into only while a slice begins there. A slice costs a dozen probes of the
 * index, however much has happened in it. The probe has no upper bound: with one, the planner would expect too little to read in order.
 */
export const gapsOf = statement<Gap & { readonly agentId: string }>(`
  with recursive walk as (
    select asked.agent_id, asked.since, asked.version as entered, asked.last_version as left_with,
      extract(epoch from $7::timestamptz - asked.since) as length,
      $8::bigint as lo_id, -1 as lo_slice, asked.state as lo_state, asked.version as lo_version,
      $9::bigint + 1 as hi_id, $6::int as hi_slice, asked.last_version + 1 as hi_version, $9::bigint + 1 as upto
    from unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::timestamptz[])
      as asked(agent_id, state, version, last_version, since)
    union all
    select w.agent_id, w.since, w.entered, w.left_with, w.length, part.* from walk w
    left join lateral (
      select e.id, ${SLICE} as slice, e.payload ->> 'to' as state, e.subject_version as version
      from events e
      where e.agent_id = w.agent_id and e.type = 'agent.transitioned' and e.id >= (w.lo_id + w.upto) / 2
      order by e.id limit 1
    ) middle on middle.id < w.upto
    cross join lateral (
      select w.lo_id, w.lo_slice, w.lo_state, w.lo_version, coalesce(middle.id, w.hi_id), coalesce(middle.slice, w.hi_slice),
        coalesce(middle.version, w.hi_version), (w.lo_id + w.upto) / 2
      union all
      select middle.id, middle.slice, middle.state, middle.version, w.hi_id, w.hi_slice, w.hi_version, w.upto
      where middle.id is not null
    ) part(lo_id, lo_slice, lo_state, lo_version, hi_id, hi_slice, hi_version, upto)
    where w.hi_version - w.lo_version > 1 and w.upto - w.lo_id > 1 and part.lo_slice < part.hi_slice
  )
  select agent_id as "agentId", lo_id::text as id, lo_slice as slice, lo_state as state, lo_version as version,
    hi_slice as "nextSlice", hi_version as "nextVersion", hi_id::text as "nextId"
  from walk where hi_version - lo_version <= 1 or upto - lo_id <= 1
  order by agent_id, lo_version, hi_version`);

/** More of them in a slice hardly lead to other states. */
const MOST_NOTABLE = 50;

/**
 * Where the transitions of agents $1 in their slices $2 led that are no begin or end of work: those with ids from $3 to $4, of which
 * the first ${MOST_NOTABLE} speak for all. By the index of what agents are told, whose condition the first lines are.
 */
export const notablesOf = statement<Notable & { readonly agentId: string }>(`
  select s.agent_id as "agentId", s.slice, notable.states, notable.transitions
  from unnest($1::uuid[], $2::int[], $3::bigint[], $4::bigint[]) as s(agent_id, slice, first_id, last_id)
  cross join lateral (
    select array_agg(distinct state) as states, count(*)::int as transitions from (
      select e.payload ->> 'to' as state from events e
      where e.type in ('agent.connected', 'agent.drain_requested', 'agent.drain_cancelled', 'agent.transitioned')
        and coalesce(e.payload ->> 'action', '') not in ('ASSIGN', 'RELEASE')
        and e.type = 'agent.transitioned' and e.agent_id = s.agent_id and e.id >= s.first_id and e.id <= s.last_id
      order by e.id limit ${MOST_NOTABLE}
    ) moved
  ) notable
  where notable.transitions > 0`);
