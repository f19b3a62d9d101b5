import { statement } from "@muster/database/statement.ts";
import { appendEvents } from "@muster/events/append.ts";
import { CALLERS, firstCaller, inReachOf, ownCaller } from "../caller-rows.ts";
import { availableAgent, capacityOf } from "./available-agent.ts";
import { ASSIGN_AGENT } from "./hold-tasks.ts";
import { MOVED } from "./moving-tasks.ts";
import { HELD, type OfferedTask, offeredTaskColumns } from "./task.ts";
import { milliseconds, taskEvents } from "./task-events.ts";

/**
 * Hands tasks to agents, each pair for itself, and only where all still holds: the agent is the one that asked, is available and
 * has room; the task stands in its lane, is not too late, and is meant for such an agent; its key's slot is free; its queue is
 * open. $1 the callers; of each pair $2 the task, $3 the agent, $4 its incarnation, $5 the slot, $6 the caller; $7 time to start in ms, $8 limit
 * of missed offers, $9 whether the caller has locked the limits of queues, workspaces and rates and kept within them: without, tasks under
 * such a limit are not handed out.
 *
 * A task is found by its id alone: `offset 0` keeps the planner from other indexes; and the arrays are sub-selects, as in `ASKED_ATTEMPTS`. Waits for nobody: what another transaction has locked is passed over. The advisory locks keep claims from getting into
 * each other's way over a key; the unique index over its slots is what holds the limit, and makes a claim that lost the race fail.
 */
export const assignStatement = statement<OfferedTask>(`
  with ${CALLERS},
  asked as materialized (
    select k.task_id, k.agent_id, k.incarnation, k.slot, k.place::int - 1 as place, c.*,
           row_number() over (partition by k.agent_id order by k.place) as rank
    from unnest((select $2::uuid[]), (select $3::uuid[]), (select $4::int[]), (select $5::int[]), (select $6::int[]))
           with ordinality as k(task_id, agent_id, incarnation, slot, caller, place)
    join callers c on c.number = k.caller
  ),
  agent as materialized (
    select a.id, a.workspace_id, a.project_id, a.incarnation, a.capabilities, a.labels, a.state, a.state_since, a.version,
           ${capacityOf("a")} - a.active_tasks as room
    from agents a where a.id = any(array(select k.agent_id from asked k)) and ${availableAgent("a", "$8::int")}
    order by a.id for no key update skip locked
  ),
  free as materialized (
    select t.id, t.state_since, t.project_id, t.concurrency_key, k.place, k.agent_id, k.slot, a.labels, ${ownCaller("k")}
    from asked k
    join agent a on a.id = k.agent_id and a.incarnation = k.incarnation and ${inReachOf("k", "a")}
    cross join lateral (
      select t.id, t.state_since, t.project_id, t.concurrency_key
      from (
        select t.id, t.state, t.state_since, t.parked_for, t.workspace_id, t.project_id, t.deadline, t.target_agent_id, t.capability,
               t.required_labels, t.concurrency_key, t.concurrency_limit, t.queue, t.rate_limit_key
        from tasks t where t.id = k.task_id offset 0 for no key update skip locked
      ) t
      where t.state = 'QUEUED' and t.parked_for is null and t.project_id = a.project_id
        and (t.deadline is null or t.deadline > clock_timestamp())
        and (t.target_agent_id = a.id or (t.target_agent_id is null and t.capability = any(a.capabilities)))
        and a.labels @> t.required_labels
        and (t.concurrency_key is null or (k.slot between 1 and t.concurrency_limit and not exists (
          select from tasks h where h.project_id = t.project_id and h.concurrency_key = t.concurrency_key
            and h.concurrency_slot = k.slot and h.state = any(${HELD}))))
        and not exists (select from queues q where q.project_id = t.project_id and q.name = t.queue
          and (q.paused_at is not null or (q.max_running is not null and not $9::boolean)))
        and ($9::boolean or (t.rate_limit_key is null
          and not exists (select from workspaces w where w.id = t.workspace_id and w.max_running_tasks is not null)))
      limit 1
    ) t
    where k.rank <= a.room
  ),
  granted as materialized (
    select f.*, greatest(clock_timestamp(), f.state_since) as moved_at from free f
    where f.concurrency_key is null or pg_try_advisory_xact_lock(hashtextextended(f.project_id::text || f.concurrency_key, 0))
  ),
  moved as (
    update tasks t
    set state = 'ASSIGNED', state_since = g.moved_at, version = t.version + 1, attempt = t.attempt + 1, agent_id = g.agent_id,
        concurrency_slot = g.slot, lease_until = g.moved_at + interval '1 millisecond' * $7::int, parked_until = null,
        progress = null, progress_message = null
    from granted g where t.id = g.id
    returning ${MOVED}, t.input, t.dependency_condition, g.place, g.labels, 'QUEUED'::text as origin, 'ASSIGN'::text as action, ${ownCaller("g")},
              ${milliseconds("g.state_since", "g.moved_at")} as duration_ms, null::text as reason, null::jsonb as failure, false as follow_up
  ),
  tally as (
    select m.agent_id, count(*)::int as taken, ${firstCaller("m")}
    from moved m group by m.agent_id
  ),
  ${ASSIGN_AGENT},
  happened as (${taskEvents("moved", ownCaller("m"), "m.labels")} union all select * from agent_events),
  appended as (${appendEvents("happened")})
  select ${offeredTaskColumns("m")} from moved m order by m.place`);
