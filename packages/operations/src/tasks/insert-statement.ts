import { statement } from "@muster/database/statement.ts";
import { appendEvents } from "@muster/events/append.ts";
import { CALLER_ROW, inReachOf, ownCaller } from "../caller-rows.ts";
import type { Backoff, ParsedTask, RetryRule } from "./create-task-input.ts";
import { type Task, taskColumns } from "./task.ts";
import { NEW_TASK, taskEvents } from "./task-events.ts";

/** What is wrong with a task that only the database can say. */
export type Problem = "project" | "agent" | "deadline" | "rateLimitKey";

/** What became of one of the tasks, and what the database has decided about it: null unless it was created. */
export interface InsertedRow {
  readonly place: number;
  readonly problem: Problem | null;
  readonly id: string | null;
  readonly workspaceId: string;
  readonly laneId: number;
  readonly at: Date;
  readonly runAt: Date;
  readonly delayed: boolean;
}

/** What one task gives to `insertStatement`. */
export type TaskRow = ReturnType<typeof taskRow> & {
  readonly schedule_id: string | null;
  readonly workflow_id: string | null;
  readonly workflow_step: string | null;
  readonly waits: boolean;
  readonly has_dependents: boolean;
};

/** A new task as its row is: reading it back would cost more than writing it. */
export function newTask(row: TaskRow, { id, workspaceId, laneId, at, runAt, delayed }: InsertedRow): Task {
  return {
    id: id ?? "",
    workspaceId,
    projectId: row.project_id,
    laneId,
    kind: row.kind,
    queue: row.queue,
    capability: row.capability,
    targetAgentId: row.target_agent_id,
    requiredLabels: row.required_labels,
    agentId: null,
    priority: row.priority,
    state: row.waits ? "WAITING" : "QUEUED",
    stateSince: at,
    version: 1,
    attempt: 0,
    failures: 0,
    maxFailures: row.max_failures,
    runAt,
    parkedFor: delayed ? "TIME" : null,
    parkedUntil: delayed ? runAt : null,
    deadline: row.deadline,
    timeoutMs: row.timeout_ms,
    timeoutAt: null,
    leaseUntil: null,
    cancelUntil: null,
    cancelReason: null,
    backoffInitialMs: row.backoff_initial_ms,
    backoffFactor: row.backoff_factor,
    backoffMaxMs: row.backoff_max_ms,
    backoffJitter: row.backoff_jitter,
    retryRules: row.retry_rules,
    input: row.input,
    output: null,
    error: null,
    progress: null,
    progressMessage: null,
    chunkCount: 0,
    chunkAttempt: 0,
    chunkSequence: 0,
    idempotencyKey: row.idempotency_key,
    concurrencyKey: row.concurrency_key,
    concurrencyLimit: row.concurrency_limit,
    concurrencySlot: null,
    rateLimitKey: row.rate_limit_key,
    replayOf: null,
    scheduleId: row.schedule_id,
    workflowId: row.workflow_id,
    workflowStep: row.workflow_step,
    dependencyCondition: row.waits ? row.dependency_condition : null,
    hasDependents: row.has_dependents,
    resultTtlMs: row.result_ttl_ms,
    resultExpiresAt: null,
    resultExpiredAt: null,
    createdAt: at,
    startedAt: null,
    finishedAt: null,
  };
}

/** The columns that one task gives to `insertStatement` by itself. */
export function taskRow(task: ParsedTask) {
  return {
    project_id: task.projectId,
    kind: task.kind,
    queue: task.queue ?? "default",
    capability: task.agentId ? (task.capability ?? null) : (task.capability ?? task.kind),
    target_agent_id: task.agentId ?? null,
    required_labels: task.labels ?? {},
    priority: task.priority ?? 0,
    max_failures: task.maxFailures ?? 3,
    run_at: task.runAt ?? null,
    deadline: task.deadline ?? null,
    timeout_ms: task.timeoutMs ?? null,
    ...backoffOf(task.backoff ?? { initialMs: 1_000, factor: 2, maxMs: 300_000, jitter: true }),
    retry_rules: Object.fromEntries((task.retryRules ?? []).map((rule) => [rule.errorKind, ruleOf(rule)])),
    input: task.input,
    idempotency_key: task.idempotencyKey ?? null,
    idempotency_window_ms: task.idempotencyWindowMs ?? null,
    concurrency_key: task.concurrencyKey ?? null,
    concurrency_limit: task.concurrencyLimit ?? 1,
    rate_limit_key: task.rateLimitKey ?? null,
    result_ttl_ms: task.resultTtlMs ?? null,
    dependency_condition: task.dependencyCondition ?? "ALL_SUCCEEDED",
  };
}

function backoffOf({ initialMs, factor, maxMs, jitter }: Backoff) {
  return {
    backoff_initial_ms: initialMs,
    backoff_factor: factor,
    backoff_max_ms: maxMs,
    backoff_jitter: jitter ?? false,
  };
}

/** A rule as `tasks.retry_rules` holds it: only what it says. */
function ruleOf({ retryable, maxFailures, backoff }: RetryRule) {
  const { initialMs, factor, maxMs, jitter } = backoff ?? {};
  const said = { retryable, maxFailures, initialMs, factor, maxMs, jitter: backoff ? (jitter ?? false) : null };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null && value !== undefined));
}

const COLUMNS = `id, workspace_id, project_id, lane_id, kind, queue, capability, target_agent_id, required_labels, priority, state, state_since, created_at, max_failures,
  run_at, parked_for, parked_until, deadline, timeout_ms, backoff_initial_ms, backoff_factor, backoff_max_ms, backoff_jitter, retry_rules,
  input, idempotency_key, concurrency_key, concurrency_limit, rate_limit_key, result_ttl_ms, schedule_id, workflow_id, workflow_step,
  dependency_condition, has_dependents`;

/**
 * Inserts tasks and what they need: their lanes and queues, where they are the first, and their idempotency keys, where those
 * are free. $1 the callers and $2 the tasks as JSON (`taskRow`; `caller` and `lane` are numbers: tasks with the same lane number
 * are alike in all that makes a lane). A row with a problem is not inserted.
 *
 * Two that want the same key wait for each other: the key's row decides, and the loser gets none.
 */
export const insertStatement = statement<InsertedRow>(`
  with callers as materialized (
    select * from jsonb_to_recordset($1::jsonb) as c(number int, ${CALLER_ROW})
  ),
  asked as materialized (
    select i.*, c.actor_kind, c.actor_id, c.actor_name, c.correlation_id, c.reach_workspace_id, c.reach_project_id
    from jsonb_to_recordset($2::jsonb) as i(
      place int, caller int, lane int, id uuid, project_id uuid, kind text, queue text, capability text, target_agent_id uuid,
      required_labels jsonb, priority int, max_failures int, run_at timestamptz, deadline timestamptz, timeout_ms int,
      backoff_initial_ms int, backoff_factor float8, backoff_max_ms int, backoff_jitter boolean, retry_rules jsonb, input jsonb,
      idempotency_key text, idempotency_window_ms bigint, concurrency_key text, concurrency_limit int, rate_limit_key text,
      result_ttl_ms float8, schedule_id uuid, workflow_id uuid, workflow_step text, waits boolean, dependency_condition text,
      has_dependents boolean)
    join callers c on c.number = i.caller
  ),
  checked as materialized (
    select i.*, p.workspace_id, clock_timestamp() as at,
           case when p.id is null then 'project'
                when i.target_agent_id is not null and a.id is null then 'agent'
                when i.deadline <= clock_timestamp() then 'deadline'
                when i.rate_limit_key is not null and not exists (
                  select from rate_limits r where r.project_id = i.project_id and r.key = i.rate_limit_key) then 'rateLimitKey'
           end as problem
    from asked i
    left join projects p on p.id = i.project_id and ${inReachOf("i", "p").replace("p.project_id", "p.id")}
    left join agents a on a.id = i.target_agent_id and a.project_id = p.id
  ),
  keyed as (
    insert into idempotency_keys as k (project_id, key, task_id, expires_at)
    select distinct on (c.project_id, c.idempotency_key collate "C") c.project_id, c.idempotency_key, c.id,
           clock_timestamp() + interval '1 millisecond' * c.idempotency_window_ms
    from checked c where c.problem is null and c.idempotency_key is not null
    order by c.project_id, c.idempotency_key collate "C", c.place
    on conflict (project_id, key) do update
    set task_id = excluded.task_id, created_at = clock_timestamp(), expires_at = excluded.expires_at
    where k.expires_at <= clock_timestamp()
    returning k.task_id
  ),
  accepted as materialized (
    select c.* from checked c
    where c.problem is null and (c.idempotency_key is null or c.id in (select task_id from keyed))
  ),
  wanted as materialized (select distinct on (lane) * from accepted order by lane),
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
    select a.*, lane.id as lane_id, case when a.waits then 'WAITING' else 'QUEUED' end as state, coalesce(a.run_at, a.at) as starts_at,
           a.run_at > a.at and not a.waits as delayed, 1 as version, 0 as attempt, null::uuid as agent_id, a.at as state_since, ${NEW_TASK}
    from accepted a join lane on lane.lane = a.lane
  ),
  created as (
    insert into tasks (${COLUMNS})
    select id, workspace_id, project_id, lane_id, kind, queue, capability, target_agent_id, required_labels, priority, state, at, at, max_failures,
      starts_at, case when delayed then 'TIME' end, case when delayed then starts_at end, deadline, timeout_ms, backoff_initial_ms,
      backoff_factor, backoff_max_ms, backoff_jitter, retry_rules, input, idempotency_key, concurrency_key, concurrency_limit, rate_limit_key,
      result_ttl_ms, schedule_id, workflow_id, workflow_step, case when waits then dependency_condition end, has_dependents
    from new order by place
  ),
  happened as (${taskEvents("new", ownCaller("m"))}),
  appended as (${appendEvents("happened")})
  select i.place, i.problem, n.id, n.workspace_id as "workspaceId", n.lane_id as "laneId", n.at, n.starts_at as "runAt", n.delayed
  from checked i left join new n on n.place = i.place`);

/** The tasks that these keys have created: $1 projects, $2 keys. */
export const tasksByKey = statement<Task>(`
  select ${taskColumns("t")}
  from unnest($1::uuid[], $2::text[]) as i(project_id, key)
  join idempotency_keys k on k.project_id = i.project_id and k.key = i.key
  join tasks t on t.id = k.task_id`);
