import { statement } from "@muster/database/statement.ts";
import type { AgentState } from "@muster/domain/agent-lifecycle.ts";
import { movesOf } from "@muster/domain/lifecycle.ts";
import { taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { sqlArray } from "../lifecycle-sql.ts";
import { HELD } from "../tasks/task.ts";

/** What became of one heartbeat. */
export interface HeartbeatRow {
  readonly agentId: string;
  /** The agent's newest incarnation. */
  readonly incarnation: number;
  /** The last sequence number of that incarnation, before this heartbeat. */
  readonly sequence: number;
  readonly state: AgentState;
  readonly missedOffers: number;
  /** False when it came from an older incarnation or its sequence number did not rise. */
  readonly counted: boolean;
}

/** A listed task that the agent has to do something about. */
export interface HeartbeatTaskRow {
  readonly agentId: string;
  readonly taskId: string;
  readonly attempt: number;
  /** The agent does not hold this attempt (any more). Else it is asked to cancel it. */
  readonly lost: boolean;
}

export interface HeartbeatsRow {
  readonly beats: readonly HeartbeatRow[];
  readonly tasks: readonly HeartbeatTaskRow[];
}

/** States in which the agent is asked to stop working on the task. */
const CANCELLING = sqlArray(movesOf(taskLifecycle, "CONFIRM").from);

/** States whose leases a heartbeat extends: what is only offered has to be started in time. */
const AT_WORK = sqlArray(movesOf(taskLifecycle, "COMPLETE").from);

/**
 * Writes many heartbeats, each of another agent, and extends the leases of the tasks that they list, when agent and
 * attempt are right. $1 agents, $2 incarnations, $3 sequence numbers, $4 loads, $5 and $6 how far each sender reaches, as texts
 * of arrays;
 * $7 agents, $8 tasks, $9 attempts of the listed tasks; $10 lease in ms.
 *
 * It waits for nobody: a task that is locked is about to move, and keeps its lease this time. The row comparison shuts out
 * a heartbeat of an older incarnation also while a new one is connecting.
 */
export const heartbeatStatement = statement<HeartbeatsRow>(`
  with beat as materialized (
    select b.*, a.incarnation as newest, a.state, a.missed_offers, h.incarnation as last_incarnation, h.sequence as last_sequence
    from unnest($1::uuid[], $2::int[], $3::bigint[], $4::float8[], $5::text[], $6::text[])
         as b(agent_id, incarnation, sequence, load, workspace_ids, project_ids)
    join agents a on a.id = b.agent_id and (b.workspace_ids is null or a.workspace_id = any(b.workspace_ids::uuid[]))
                  and (b.project_ids is null or a.project_id = any(b.project_ids::uuid[]))
    left join agent_heartbeats h on h.agent_id = b.agent_id
  ),
  written as (
    insert into agent_heartbeats as h (agent_id, incarnation, sequence, load, at)
    select agent_id, incarnation, sequence, load, clock_timestamp() from beat where incarnation = newest order by agent_id
    on conflict (agent_id) do update
    set incarnation = excluded.incarnation, sequence = excluded.sequence, load = excluded.load, at = greatest(excluded.at, h.at)
    where (excluded.incarnation, excluded.sequence) > (h.incarnation, h.sequence)
    returning agent_id
  ),
  listed as materialized (
    select l.agent_id, l.task_id, l.attempt, t.id is null as lost, coalesce(t.state = any(${CANCELLING}), false) as cancelling
    from unnest($7::uuid[], $8::uuid[], $9::int[]) as l(agent_id, task_id, attempt)
    join written w on w.agent_id = l.agent_id
    left join tasks t on t.id = l.task_id and t.agent_id = l.agent_id and t.attempt = l.attempt and t.state = any(${HELD})
  ),
  free as materialized (
    select t.id, t.attempt from tasks t
    where t.id = any(array(select task_id from listed where not lost)) and t.state = any(${AT_WORK})
      and t.lease_until < clock_timestamp() + interval '1 millisecond' * $10::int / 2
    for no key update skip locked
  ),
  extended as (
    update tasks t set lease_until = greatest(t.lease_until, clock_timestamp() + interval '1 millisecond' * $10::int)
    from free join listed l on l.task_id = free.id and l.attempt = free.attempt and not l.lost
    where t.id = free.id
  )
  select
    coalesce((select jsonb_agg(jsonb_build_object('agentId', b.agent_id, 'incarnation', b.newest, 'state', b.state,
       'sequence', case when b.last_incarnation = b.newest then b.last_sequence else 0 end,
       'missedOffers', b.missed_offers, 'counted', w.agent_id is not null))
     from beat b left join written w on w.agent_id = b.agent_id), '[]') as beats,
    coalesce((select jsonb_agg(jsonb_build_object('agentId', l.agent_id, 'taskId', l.task_id, 'attempt', l.attempt, 'lost', l.lost))
     from listed l where l.lost or l.cancelling), '[]') as tasks`);
