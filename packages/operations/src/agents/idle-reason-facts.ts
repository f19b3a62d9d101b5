import { statement } from "@muster/database/statement.ts";
import type { AgentAction, AgentState } from "@muster/domain/agent-lifecycle.ts";
import { capacityOf } from "../tasks/available-agent.ts";
import { heldInQueues, heldInWorkspaces } from "../tasks/ready-tasks.ts";
import { type AgentStanding, standingOf } from "./agent-standing.ts";

/** How an agent stands towards new work, and what there is for it; the latter only for one that could be given some and has none. */
export interface AgentWork {
  readonly agentId: string;
  readonly state: AgentState;
  readonly standing: AgentStanding;
  readonly held: number;
  readonly capacity: number;
  readonly pendingAction: AgentAction | null;
  /** Tasks are ready that it can take. */
  readonly ready: boolean;
  /** Such tasks are held back: by the workspace's limit, in paused or in full queues. */
  readonly workspaceIsFull: boolean;
  readonly queueIsPaused: boolean;
  readonly queueIsFull: boolean;
  /** Tasks that it can take stand aside: for their concurrency keys, rate limits, or times. */
  readonly behindKeys: boolean;
  readonly behindRates: boolean;
  readonly delayed: boolean;
  /** Tasks are ready that it cannot take. */
  readonly readyForOthers: boolean;
}

const parkedFor = (reason: string) =>
  `exists (select from tasks t where t.lane_id = l.id and t.state = 'QUEUED' and t.parked_for = '${reason}')`;

// Lanes are looked at once, however many agents could take from them.
export const agentWork = statement<AgentWork>(`
  with asked as materialized (
    select a.id, a.workspace_id, a.project_id, a.state, a.capabilities, a.labels, a.active_tasks, a.pending_action,
      ${capacityOf("a")} as capacity, ${standingOf("a", "$4::int")} as standing
    from agents a
    where a.id = any($1::uuid[]) and ($2::uuid[] is null or a.workspace_id = any($2)) and ($3::uuid[] is null or a.project_id = any($3))
  ),
  idle as materialized (select * from asked where standing = 'AVAILABLE' and active_tasks = 0),
  lane as materialized (
    select l.*, exists (select from tasks t where t.lane_id = l.id and t.state = 'QUEUED' and t.parked_for is null) as ready,
      ${parkedFor("CONCURRENCY_KEY")} as behind_keys, ${parkedFor("RATE_LIMIT")} as behind_rates, ${parkedFor("TIME")} as delayed
    from lanes l where l.project_id in (select project_id from idle)
  ),
  queue as materialized (
    select q.*, q.name as queue, q.max_running as max from queues q
    where (q.project_id, q.name) in (select l.project_id, l.queue from lane l where l.ready)
  ),
  workspace as materialized (
    select w.id as workspace_id, w.max_running_tasks as max from workspaces w where w.id in (select workspace_id from idle)
  ),
  queue_count as materialized (${heldInQueues("queue")}),
  workspace_count as materialized (${heldInWorkspaces("workspace")}),
  line as materialized (
    select l.*, q.paused_at is not null as is_paused, coalesce(qc.held >= qc.max, false) as is_full,
      coalesce(wc.held >= wc.max, false) as workspace_is_full
    from lane l
    left join queue q on q.project_id = l.project_id and q.queue = l.queue
    left join queue_count qc on qc."projectId" = l.project_id and qc.queue = l.queue
    left join workspace_count wc on wc."workspaceId" = l.workspace_id
    where l.ready or l.behind_keys or l.behind_rates or l.delayed
  ),
  seen as (
    select i.id as agent_id, l.*, i.labels @> l.required_labels
      and case when l.target_agent_id is null then l.capability = any(i.capabilities) else l.target_agent_id = i.id end as fits
    from idle i join line l on l.project_id = i.project_id
  ),
  found as (
    select agent_id,
      bool_or(fits and ready and not (is_paused or is_full or workspace_is_full)) as ready,
      bool_or(fits and ready and workspace_is_full) as workspace_is_full,
      bool_or(fits and ready and is_paused) as is_paused,
      bool_or(fits and ready and is_full) as is_full,
      bool_or(fits and behind_keys) as behind_keys,
      bool_or(fits and behind_rates) as behind_rates,
      bool_or(fits and delayed) as delayed,
      bool_or(not fits and ready) as ready_for_others
    from seen group by agent_id
  )
  select a.id as "agentId", a.state, a.standing, a.active_tasks as held, a.capacity, a.pending_action as "pendingAction",
    coalesce(f.ready, false) as ready, coalesce(f.workspace_is_full, false) as "workspaceIsFull",
    coalesce(f.is_paused, false) as "queueIsPaused", coalesce(f.is_full, false) as "queueIsFull",
    coalesce(f.behind_keys, false) as "behindKeys", coalesce(f.behind_rates, false) as "behindRates",
    coalesce(f.delayed, false) as delayed, coalesce(f.ready_for_others, false) as "readyForOthers"
  from asked a left join found f on f.agent_id = a.id`);
