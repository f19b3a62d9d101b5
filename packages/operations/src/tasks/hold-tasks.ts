import { AGENT_ACTIONS, agentLifecycle } from "@muster/domain/agent-lifecycle.ts";
import { drainingStates } from "@muster/domain/lifecycle.ts";
import { ownCaller } from "../caller-rows.ts";
import { movesTable, targetOf } from "../lifecycle-sql.ts";
import { milliseconds } from "./task-events.ts";

/** The actions that can wait on an agent for its last task to end. */
const PENDING_ACTIONS = AGENT_ACTIONS.filter((action) => drainingStates(agentLifecycle, action).length > 0);

/**
 * The CTEs `assigned` and `agent_events`: each agent of the CTE `agent` (locked rows) takes on the `taken` tasks that the
 * CTE `tally` (agent_id, taken, and the caller) counts; with the first one it becomes BUSY.
 */
export const ASSIGN_AGENT = `
  assigned as materialized (
    select a.*, t.taken, ${ownCaller("t")}, ${targetOf(agentLifecycle, "ASSIGN", "a.state")} as target, greatest(clock_timestamp(), a.state_since) as moved_at
    from agent a join tally t on t.agent_id = a.id
  ),
  agent_assigned as (
    update agents a
    set active_tasks = a.active_tasks + r.taken,
        state = coalesce(r.target, r.state),
        state_since = case when r.target is null then r.state_since else r.moved_at end,
        version = r.version + (r.target is not null)::int
    from assigned r where a.id = r.id
  ),
  agent_events as (
    select r.workspace_id, r.project_id, 'agent.transitioned'::text as type, r.id as subject_id, r.version + 1 as subject_version,
           r.id as agent_id, null::uuid as task_id, null::uuid as context_id, ${ownCaller("r")}, null::text as reason,
           jsonb_build_object('from', r.state, 'to', r.target, 'action', 'ASSIGN',
             'durationMs', ${milliseconds("r.state_since", "r.moved_at")}) as payload,
           r.labels, r.moved_at as at
    from assigned r where r.target is not null
  )`;

/** The state of the agent `h` after it has let go of the tasks that `t` counts. */
const RESTED = `coalesce(case when t.ended > 0 and h.active_tasks = t.ended then ${targetOf(agentLifecycle, "RELEASE", "h.state")} end, h.state)`;

/** The events of those that rest now. */
const RESTED_EVENTS = `
  select r.workspace_id, r.project_id, 'agent.transitioned'::text as type, r.id as subject_id, r.version + 1 as subject_version,
         r.id as agent_id, null::uuid as task_id, null::uuid as context_id, ${ownCaller("r")}, null::text as reason,
         jsonb_build_object('from', r.state, 'to', r.rested, 'action', 'RELEASE',
           'durationMs', ${milliseconds("r.state_since", "r.moved_at")}) as payload,
         r.labels, r.moved_at as at
  from released r where r.rested <> r.state`;

/**
 * The CTEs `released` and `agent_events`: each agent of the CTE `holders` (locked rows) lets go of the `ended` tasks that
 * the CTE `tally` (agent_id, ended, missed, and the caller) counts. When it holds none any more it rests, and then the action that
 * waited for that fires. `missed` offers are counted until one is started (`startAttempt`). `released.fired` is the state that a
 * pending action led to, or null.
 */
export const RELEASE_AGENTS = `
  released as materialized (
    select h.*, t.ended, t.missed, ${ownCaller("t")}, rested.state as rested, pending.target as fired,
           greatest(clock_timestamp(), h.state_since) as moved_at
    from holders h
    join tally t on t.agent_id = h.id
    cross join lateral (select ${RESTED} as state) rested
    left join ${movesTable(agentLifecycle, PENDING_ACTIONS, "pending")}
      on t.ended > 0 and h.active_tasks = t.ended and pending.action = h.pending_action and pending.origin = rested.state
  ),
  agents_released as (
    update agents a
    set active_tasks = a.active_tasks - r.ended,
        missed_offers = r.missed_offers + r.missed,
        state = coalesce(r.fired, r.rested),
        state_since = case when coalesce(r.fired, r.rested) = r.state then r.state_since else r.moved_at end,
        version = r.version + (r.rested <> r.state)::int + (r.fired is not null)::int,
        pending_action = case when r.fired is null then r.pending_action end,
        pending_reason = case when r.fired is null then r.pending_reason end,
        pending_since = case when r.fired is null then r.pending_since end,
        pending_actor = case when r.fired is null then r.pending_actor end
    from released r
    where a.id = r.id and (r.ended > 0 or r.missed > 0)
  ),
  agent_events as (
    ${RESTED_EVENTS}
    union all
    select r.workspace_id, r.project_id, 'agent.transitioned', r.id, r.version + 1 + (r.rested <> r.state)::int,
           r.id, null, null, r.pending_actor ->> 'kind', (r.pending_actor ->> 'id')::uuid, r.pending_actor ->> 'name', r.correlation_id, null, null, r.pending_reason,
           jsonb_build_object('from', r.rested, 'to', r.fired, 'action', r.pending_action, 'mode', 'DRAIN',
             'durationMs', case when r.rested <> r.state then 0 else ${milliseconds("r.state_since", "r.moved_at")} end),
           r.labels, r.moved_at
    from released r where r.fired is not null
  )`;

/** The same for agents of which none has a pending action, and of which each has a task that ends, and misses none. */
export const REST_AGENTS = `
  released as materialized (
    select h.id, h.workspace_id, h.project_id, h.state, h.state_since, h.version, h.labels, ${RESTED} as rested,
           greatest(clock_timestamp(), h.state_since) as moved_at, t.ended, ${ownCaller("t")}
    from holders h join tally t on t.agent_id = h.id
  ),
  agents_released as (
    update agents a
    set active_tasks = a.active_tasks - r.ended,
        state = r.rested,
        state_since = case when r.rested = r.state then r.state_since else r.moved_at end,
        version = r.version + (r.rested <> r.state)::int
    from released r where a.id = r.id
  ),
  agent_events as (${RESTED_EVENTS})`;
