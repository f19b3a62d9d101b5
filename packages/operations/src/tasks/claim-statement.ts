import { statement } from "@muster/database/statement.ts";
import { WORKING_STATES } from "@muster/domain/agent-lifecycle.ts";
import { appendEvents } from "@muster/events/append.ts";
import { inReach } from "../caller-values.ts";
import { ASSIGN_AGENT } from "./hold-tasks.ts";
import { sqlArray } from "../lifecycle-sql.ts";
import { HELD, type Task, taskColumns } from "./task.ts";
import { milliseconds, taskEvents } from "./task-events.ts";

/** How many more tasks agent `a` can take: the registered limit and its process's own both hold (`least` passes over null). */
function roomOf(a: string): string {
  return `(least(${a}.max_concurrency, ${a}.process_concurrency) - ${a}.active_tasks)`;
}

/** The condition that agent `a` can be given work; `missedOffersLimit` is an SQL expression. */
export function availableAgent(a: string, missedOffersLimit: string): string {
  return `${a}.state = any(${sqlArray(WORKING_STATES)}) and ${a}.pending_action is null
    and ${roomOf(a)} > 0 and ${a}.missed_offers < ${missedOffersLimit}`;
}

/** The condition that task `t` can be handed out at the moment in the CTE `present`: an SQL constant for the index. */
const READY = `t.state = 'QUEUED' and t.run_at <= (select at from present) and (t.deadline is null or t.deadline > (select at from present))
  and (t.concurrency_key is null or not exists (
    select from tasks h where h.project_id = t.project_id and h.concurrency_key = t.concurrency_key and h.state = any(${HELD})))`;

/** The condition that task `t` is ready and meant for agent `a`. */
export const FOR_AGENT = `t.target_agent_id = a.id and ${READY}`;

/** The condition that task `t` is ready and asks for `c.capability`, in the project of the row `alias`. */
export function forCapability(alias: string): string {
  return `t.project_id = ${alias}.project_id and t.capability = c.capability and t.target_agent_id is null and ${READY}`;
}

const FOR_CAPABILITY = forCapability("a");
const HAS_WORK = `(exists (select from tasks t where ${FOR_AGENT})
  or exists (select from unnest(a.capabilities) as c(capability) where exists (select from tasks t where ${FOR_CAPABILITY})))`;

/** The moment at which tasks have to be due, as a CTE: evaluated once, so that indexes can use it. */
export const PRESENT = "present as materialized (select clock_timestamp() as at)";

const CANDIDATE = "t.id, t.project_id, t.priority, t.run_at, t.concurrency_key, t.state, t.state_since";
const IN_ORDER = `order by t.priority desc nulls last, t.run_at, t.id limit least($9::int, ${roomOf("a")})`;

/**
 * Hands tasks to one agent. $1–$6 `callerValues`, $7 agent, $8 its incarnation, $9 at most so many, $10 time to start in ms,
 * $11 limit of missed offers. Locks the agent only when there is work for it, so that asking in vain writes nothing.
 *
 * Of the tasks with the same concurrency key one is held at a time. The advisory locks keep claims from waiting for each
 * other over a key; the unique index is what holds the rule, and makes a claim that lost the race fail.
 */
export const claimStatement = statement<Task>(`
  with ${PRESENT},
  agent as materialized (
    select a.* from agents a
    where a.id = $7 and a.incarnation = $8 and ${availableAgent("a", "$11::int")} and ${inReach("a")} and ${HAS_WORK}
    for no key update
  ),
  targeted as materialized (
    select t.* from agent a cross join lateral (
      select ${CANDIDATE} from tasks t where ${FOR_AGENT} ${IN_ORDER} for no key update skip locked
    ) t
  ),
  capable as materialized (
    select t.* from agent a cross join unnest(a.capabilities) as c(capability) cross join lateral (
      select ${CANDIDATE} from tasks t where ${FOR_CAPABILITY} ${IN_ORDER} for no key update skip locked
    ) t
  ),
  ranked as (
    select t.*, row_number() over (partition by coalesce(t.concurrency_key, t.id::text) order by t.priority desc, t.run_at, t.id) as place
    from (select * from targeted union all select * from capable) t
  ),
  chosen as materialized (
    select t.* from ranked t where t.place = 1 order by t.priority desc, t.run_at, t.id
    limit coalesce((select least($9::int, ${roomOf("a")}) from agent a), 0)
  ),
  granted as materialized (
    select t.*, greatest(clock_timestamp(), t.state_since) as moved_at from chosen t
    where t.concurrency_key is null or pg_try_advisory_xact_lock(hashtextextended(t.project_id::text || t.concurrency_key, 0))
  ),
  moved as (
    update tasks t
    set state = 'ASSIGNED', state_since = g.moved_at, version = t.version + 1, attempt = t.attempt + 1, agent_id = a.id,
        lease_until = g.moved_at + interval '1 millisecond' * $10::int, progress = null, progress_message = null
    from granted g cross join agent a where t.id = g.id
    returning t.*, g.state as origin, 'ASSIGN'::text as action, ${milliseconds("g.state_since", "g.moved_at")} as duration_ms,
              null::text as reason, null::jsonb as failure
  ),
  tally as (select count(*)::int as taken from moved),
  ${ASSIGN_AGENT},
  happened as (${taskEvents("moved")} union all select * from agent_events),
  appended as (${appendEvents("happened")})
  select ${taskColumns("m")} from moved m order by m.priority desc, m.run_at, m.id`);
