import { statement } from "@muster/database/statement.ts";
import { appendEvents } from "@muster/events/append.ts";
import { CALLERS, inReachOf, ownCaller } from "../caller-rows.ts";
import { limitsTasks } from "../quotas/task-quotas.ts";
import { type Task, taskColumns } from "./task.ts";
import { NEW_TASK, taskEvents } from "./task-events.ts";

/** What is wrong with a task that only the database can say. */
export type Problem = "project" | "agent" | "deadline" | "rateLimitKey" | "limited";

/** What became of one of the tasks, and what the database has decided about it: null unless it was inserted. */
export interface InsertedRow {
  readonly place: number;
  readonly problem: Problem | null;
  readonly inserted: boolean;
  readonly workspaceId: string;
  readonly laneId: number;
  readonly at: Date;
  readonly runAt: Date;
  readonly delayed: boolean;
  /** Its workspace limits how many are created or how much they store. */
  readonly limited: boolean;
}

const COLUMNS = `id, workspace_id, project_id, lane_id, kind, queue, capability, target_agent_id, required_labels, priority, state, state_since, created_at, max_failures,
  run_at, parked_for, parked_until, deadline, timeout_ms, backoff_initial_ms, backoff_factor, backoff_max_ms, backoff_jitter, retry_rules,
  input, idempotency_key, concurrency_key, concurrency_limit, rate_limit_key, result_ttl_ms, schedule_id, workflow_id, workflow_step,
  dependency_condition, has_dependents`;

/**
 * Inserts tasks and what they need: their lanes and queues, where they are the first, and their idempotency keys, where those
 * are free. $1 the callers; $2 the templates as JSON (`TaskTemplate`, and the numbers `template`, `caller` and `lane`: tasks with the same lane
 * number are alike in all that makes a lane); of each task $3 the id, $4 its template, $5 the input, in one JSON array, and $6 the idempotency key
 * (empty when none has one); $7 whether those of workspaces that limit them are inserted too. A task of a template with a problem is not inserted.
 *
 * Two that want the same key wait for each other: the key's row decides, and the loser gets none. `fine` is a column because the planner takes that
 * for half of the templates, and a condition for hardly any.
 */
export const insertStatement = statement<InsertedRow>(`
  with ${CALLERS},
  template as materialized (
    select i.*, ${ownCaller("c")}, p.workspace_id, problem.name as problem, problem.name is null as fine, coalesce(${limitsTasks("w")}, false) as limited
    from jsonb_to_recordset($2::jsonb) as i(
      template int, caller int, lane int, project_id uuid, kind text, queue text, capability text, target_agent_id uuid,
      required_labels jsonb, priority int, max_failures int, run_at timestamptz, deadline timestamptz, timeout_ms int,
      backoff_initial_ms int, backoff_factor float8, backoff_max_ms int, backoff_jitter boolean, retry_rules jsonb,
      idempotency_window_ms bigint, concurrency_key text, concurrency_limit int, rate_limit_key text,
      result_ttl_ms float8, schedule_id uuid, workflow_id uuid, workflow_step text, waits boolean, dependency_condition text,
      has_dependents boolean)
    join callers c on c.number = i.caller
    left join projects p on p.id = i.project_id and ${inReachOf("c", "p", "id")}
    left join workspaces w on w.id = p.workspace_id
    left join agents a on a.id = i.target_agent_id and a.project_id = p.id
    cross join lateral (
      select case when p.id is null then 'project'
                  when i.target_agent_id is not null and a.id is null then 'agent'
                  when i.deadline <= clock_timestamp() then 'deadline'
                  when i.rate_limit_key is not null and not exists (
                    select from rate_limits r where r.project_id = i.project_id and r.key = i.rate_limit_key) then 'rateLimitKey'
                  when not $7::boolean and ${limitsTasks("w")} then 'limited'
             end as name
      offset 0
    ) problem
  ),
  asked as materialized (
    select k.place::int - 1 as place, k.id, k.template, k.input, k.idempotency_key, clock_timestamp() as at
    from rows from (unnest((select $3::uuid[])), unnest((select $4::int[])), jsonb_array_elements($5::jsonb), unnest((select $6::text[])))
           with ordinality as k(id, template, input, idempotency_key, place)
  ),
  keyed as (
    insert into idempotency_keys as k (project_id, key, task_id, expires_at)
    select distinct on (t.project_id, i.idempotency_key collate "C") t.project_id, i.idempotency_key, i.id,
           clock_timestamp() + interval '1 millisecond' * t.idempotency_window_ms
    from asked i join template t on t.template = i.template where t.fine and i.idempotency_key is not null
    order by t.project_id, i.idempotency_key collate "C", i.place
    on conflict (project_id, key) do update
    set task_id = excluded.task_id, created_at = clock_timestamp(), expires_at = excluded.expires_at
    where k.expires_at <= clock_timestamp()
    returning k.task_id
  ),
  accepted as materialized (
    select i.* from asked i where i.idempotency_key is null or i.id in (select task_id from keyed)
  ),
  wanted as materialized (
    select distinct on (t.lane) t.* from template t where t.fine and t.template in (select i.template from accepted i) order by t.lane
  ),
  there as materialized (
    select w.lane, l.id from wanted w cross join lateral (
      select l.id from lanes l
      where w.target_agent_id is null and l.target_agent_id is null and l.project_id = w.project_id and l.capability = w.capability
        and l.queue = w.queue and l.required_labels = w.required_labels
      union all
      select l.id from lanes l
      where l.target_agent_id = w.target_agent_id and l.capability is not distinct from w.capability
        and l.queue = w.queue and l.required_labels = w.required_labels
    ) l
  ),
  made as (
    insert into lanes (workspace_id, project_id, queue, capability, target_agent_id, required_labels)
    select workspace_id, project_id, queue, capability, target_agent_id, required_labels from wanted
    where lane not in (select lane from there)
    order by project_id, queue, capability, target_agent_id, required_labels
    on conflict on constraint lanes_key do update set queue = excluded.queue
    returning *
  ),
  queued as (
    insert into queues (id, workspace_id, project_id, name)
    select gen_random_uuid(), m.workspace_id, m.project_id, m.queue from (select distinct workspace_id, project_id, queue from made) m
    order by m.project_id, m.queue
    on conflict (project_id, name) do nothing
  ),
  lane as materialized (
    select lane, id from there
    union all
    select w.lane, m.id from made m join wanted w
      on w.project_id = m.project_id and w.queue = m.queue and w.capability is not distinct from m.capability
        and w.target_agent_id is not distinct from m.target_agent_id and w.required_labels = m.required_labels
  ),
  new as materialized (
    select i.id, i.place, i.input, i.idempotency_key, i.at, t.*, lane.id as lane_id, case when t.waits then 'WAITING' else 'QUEUED' end as state,
           coalesce(t.run_at, i.at) as starts_at, t.run_at > i.at and not t.waits as delayed, 1 as version, 0 as attempt, null::uuid as agent_id,
           i.at as state_since, ${NEW_TASK}
    from accepted i join template t on t.template = i.template and t.fine join lane on lane.lane = t.lane
  ),
  created as (
    insert into tasks (${COLUMNS})
    select id, workspace_id, project_id, lane_id, kind, queue, capability, target_agent_id, required_labels, priority, state, at, at, max_failures,
      starts_at, case when delayed then 'TIME' end, case when delayed then starts_at end, deadline, timeout_ms, backoff_initial_ms,
      backoff_factor, backoff_max_ms, backoff_jitter, retry_rules, input, idempotency_key, concurrency_key, concurrency_limit, rate_limit_key,
      result_ttl_ms, schedule_id, workflow_id, workflow_step, case when waits then dependency_condition end, has_dependents
    from new
  ),
  happened as (${taskEvents("new", ownCaller("m"))}),
  appended as (${appendEvents("happened")})
  select i.place, t.problem, n.id is not null as inserted, n.workspace_id as "workspaceId", n.lane_id as "laneId", n.at, n.starts_at as "runAt", n.delayed, t.limited
  from asked i join template t on t.template = i.template left join new n on n.place = i.place`);

/** The tasks that these keys have created: $1 projects, $2 keys. */
export const tasksByKey = statement<Task>(`
  select ${taskColumns("t")}
  from unnest($1::uuid[], $2::text[]) as i(project_id, key)
  join idempotency_keys k on k.project_id = i.project_id and k.key = i.key
  join tasks t on t.id = k.task_id`);
