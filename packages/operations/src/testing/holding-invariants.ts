import { HOLDING_STATES, WORKING_STATES } from "@muster/domain/agent-lifecycle.ts";
import { sqlArray } from "../lifecycle-sql.ts";
import { ENDED, HELD } from "../tasks/task.ts";
import type { Invariant } from "./invariant.ts";

/** About who holds what: counters, leases, places of concurrency keys, lanes. */
export const HOLDING_INVARIANTS: readonly Invariant[] = [
  {
    name: "active_tasks is what is held",
    sentence: "An agent's active_tasks is the number of tasks that it holds.",
    broken: `select a.id as subject, format('active_tasks is %s, it holds %s', a.active_tasks, coalesce(h.count, 0)) as detail
      from agent a left join holding h on h.agent_id = a.id where a.active_tasks <> coalesce(h.count, 0)`,
  },
  {
    name: "only agents at work hold tasks",
    sentence:
      "An agent holds tasks only while it is at work or unresponsive, and at work it is BUSY exactly while it does.",
    broken: `select a.id as subject, format('%s with %s tasks', a.state, a.active_tasks) as detail from agent a
      where (a.active_tasks > 0 and a.state <> all(${sqlArray(HOLDING_STATES)}))
         or (a.state = any(${sqlArray(WORKING_STATES)}) and (a.active_tasks > 0) <> (a.state = 'BUSY'))`,
  },
  {
    name: "a drained agent has moved on",
    sentence: "What waits for an agent's last task has fired when there is none.",
    broken: `select a.id as subject, format('%s waits for %s', a.pending_action, a.state) as detail from agent a
      where a.pending_action is not null and a.active_tasks = 0 and a.state = any(${sqlArray(WORKING_STATES)})`,
  },
  {
    name: "a held task has an agent and a lease",
    sentence: "A task has a lease exactly while an agent holds it.",
    broken: `select t.id as subject, format('%s, agent %s, lease until %s', t.state, t.agent_id, t.lease_until) as detail from task t
      where (t.lease_until is not null) <> (t.state = any(${HELD})) or (t.state = any(${HELD}) and t.agent_id is null)`,
  },
  {
    name: "clocks run only where they apply",
    sentence:
      "An attempt's time limit runs only while it does, and the grace period exactly while the task is CANCELLING.",
    broken: `select t.id as subject, format('%s, time-out at %s, grace until %s', t.state, t.timeout_at, t.cancel_until) as detail from task t
      where (t.timeout_at is not null and t.state not in ('RUNNING', 'CANCELLING'))
         or (t.cancel_until is not null) <> (t.state = 'CANCELLING')`,
  },
  {
    name: "a held task has a place of its key",
    sentence:
      "A task with a concurrency key has one of the key's places, from 1 to its limit, exactly while it is held.",
    broken: `select t.id as subject, format('%s, key %s, place %s of %s', t.state, t.concurrency_key, t.concurrency_slot, t.concurrency_limit) as detail
      from task t where (t.concurrency_slot is not null) <> (t.concurrency_key is not null and t.state = any(${HELD}))
        or t.concurrency_slot not between 1 and t.concurrency_limit`,
  },
  {
    name: "the places of a key are taken once",
    sentence: "No two held tasks of a project have the same place of the same concurrency key.",
    broken: `select (array_agg(t.id))[1] as subject, format('%s tasks have place %s of %s', count(*), t.concurrency_slot, t.concurrency_key) as detail
      from task t where t.concurrency_key is not null and t.state = any(${HELD})
      group by t.project_id, t.concurrency_key, t.concurrency_slot having count(*) > 1`,
  },
  {
    name: "only queued tasks are parked",
    sentence:
      "A task is out of its lane only while it is QUEUED, and knows when it comes back unless it waits for a key's place.",
    broken: `select t.id as subject, format('%s, parked for %s until %s', t.state, t.parked_for, t.parked_until) as detail from task t
      where (t.state <> 'QUEUED' and (t.parked_for is not null or t.parked_until is not null))
         or (t.parked_for in ('TIME', 'RATE_LIMIT') and t.parked_until is null)`,
  },
  {
    name: "a task stands in its own lane",
    sentence:
      "A task's lane has the task's queue, target agent, required capability and labels, and its queue is known.",
    broken: `select t.id as subject, format('lane %s of queue %s', t.lane_id, l.queue) as detail
      from task t left join lanes l on l.id = t.lane_id
      where (l.project_id, l.queue, l.capability, l.target_agent_id, l.required_labels)
        is distinct from (t.project_id, t.queue, t.capability, t.target_agent_id, t.required_labels)
      union all
      select t.id, format('there is no queue %s', t.queue) from task t
      where not exists (select from queues q where q.project_id = t.project_id and q.name = t.queue)`,
  },
  {
    name: "an idempotency key names its task",
    sentence: "What an idempotency key remembers is a task that was created with it.",
    broken: `select k.task_id as subject, format('key %s', k.key) as detail
      from idempotency_keys k left join tasks t on t.id = k.task_id
      where ($1::uuid is null or k.project_id = $1)
        and (t.project_id, t.idempotency_key) is distinct from (k.project_id, k.key)`,
  },
  {
    name: "chunks are counted",
    sentence:
      "A task's chunk_count is the number of its newest chunk, and chunks are numbered without gaps until they expire.",
    broken: `select t.id as subject, format('chunk_count %s, %s chunks, the newest %s', t.chunk_count, c.count, c.newest) as detail
      from task t left join lateral (select count(*)::int as count, coalesce(max(number), 0) as newest from task_chunks c where c.task_id = t.id) c on true
      where t.result_expired_at is null and (t.chunk_count, t.chunk_count) is distinct from (c.count, c.newest::int)`,
  },
  {
    name: "results expire after the end",
    sentence: "A result has a time to expire only once its task has ended, and not any more when it has expired.",
    broken: `select t.id as subject, format('%s, expires %s, expired %s', t.state, t.result_expires_at, t.result_expired_at) as detail from task t
      where (t.result_expires_at is not null or t.result_expired_at is not null)
        and (t.state <> all(${ENDED}) or (t.result_expires_at is not null and t.result_expired_at is not null))`,
  },
];
