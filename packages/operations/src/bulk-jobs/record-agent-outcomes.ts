import { agentById } from "./bulk-job.ts";
import { recordStatement } from "./record-outcomes.ts";

/** When the agent `a` has taken the action of the job `j` since the target `g` got its outcome. The index has few of its events. */
const ARRIVED = `exists (
    select from events e where e.agent_id = a.id and e.type = 'agent.transitioned'
      and coalesce(e.payload ->> 'action', '') not in ('ASSIGN', 'RELEASE') and e.payload ->> 'action' = j.action and e.at >= g.at)`;

/** `recordStatement` for agents: $9 the outcomes of the batch and $10 their messages. */
export const recordAgentOutcomes = recordStatement(`
  decided as materialized (
    select (j.position + turn.place)::int as number, turn.outcome, turn.message, null::uuid as new_task_id
    from job j cross join unnest($8::uuid[], $9::text[], $10::text[]) with ordinality as turn(agent_id, outcome, message, place)
    union all
    select g.number, seen.outcome, seen.message, null
    from job j join bulk_job_targets g on g.job_id = j.id and g.outcome = 'STARTED'
    cross join lateral (${agentById("g.agent_id")}) a
    cross join lateral (
      select 'FAILED' as outcome, 'It still finishes tasks. The action is taken when the last of them ends.' as message
      where a.pending_action = j.action and g.at <= clock_timestamp() - interval '1 millisecond' * $12::int
      union all
      select 'SUCCEEDED', null where a.pending_action is distinct from j.action and ${ARRIVED}
      union all
      select 'SKIPPED', 'The action was taken back, or another took its place, before its tasks had ended.'
      where a.pending_action is distinct from j.action and not ${ARRIVED}
    ) seen
    where $11::boolean
  )`);
