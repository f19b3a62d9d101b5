import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput, type InputIssue, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { newId } from "../new-id.ts";
import { callerValues, inReach } from "../caller-values.ts";
import type { ParsedTask } from "./create-task-input.ts";
import { type Task, taskColumns } from "./task.ts";
import { taskEvents } from "./task-events.ts";

/** A task of a `createTask` call, and whether its idempotency key had created it before. */
export interface CreatedTask {
  readonly task: Task;
  readonly repeated: boolean;
}

type Problem = "project" | "agent" | "deadline";

// A row with a problem is not inserted: whoever asked for several does so in a transaction, which ends with it.
const insertRows = statement<Task & { position: number; problem: Problem | null; created: boolean }>(`
  with asked as (
    select * from jsonb_to_recordset($7::jsonb) as i(
      rank int, position int, id uuid, project_id uuid, kind text, queue text, capability text, target_agent_id uuid, priority int,
      max_failures int, run_at timestamptz, deadline timestamptz, timeout_ms int, backoff_initial_ms int, backoff_factor float8,
      backoff_max_ms int, backoff_jitter boolean, input jsonb, idempotency_key text, concurrency_key text)
  ),
  checked as materialized (
    select i.*, p.workspace_id,
           case when p.id is null then 'project'
                when i.target_agent_id is not null and a.id is null then 'agent'
                when i.deadline <= clock_timestamp() then 'deadline' end as problem
    from asked i
    left join projects p on p.id = i.project_id and ($5::uuid is null or p.workspace_id = $5) and ($6::uuid is null or p.id = $6)
    left join agents a on a.id = i.target_agent_id and a.project_id = p.id and ${inReach("a")}
  ),
  created as (
    insert into tasks (id, workspace_id, project_id, kind, queue, capability, target_agent_id, priority, max_failures, run_at, deadline,
      timeout_ms, backoff_initial_ms, backoff_factor, backoff_max_ms, backoff_jitter, input, idempotency_key, concurrency_key)
    select id, workspace_id, project_id, kind, queue, capability, target_agent_id, priority, max_failures, coalesce(run_at, clock_timestamp()),
      deadline, timeout_ms, backoff_initial_ms, backoff_factor, backoff_max_ms, backoff_jitter, input, idempotency_key, concurrency_key
    from checked where problem is null
    order by rank
    on conflict (project_id, idempotency_key) where idempotency_key is not null do nothing
    returning *
  ), new as (
    select c.*, null::text as origin, 'CREATE'::text as action, null::numeric as duration_ms, null::text as reason, null::jsonb as failure
    from created c
  ), happened as (${taskEvents("new")}), appended as (${appendEvents("happened")})
  select i.position, i.problem, c.id is not null as created, ${taskColumns("c")}
  from checked i left join created c on c.id = i.id`);

const tasksByKey = statement<Task>(`
  select ${taskColumns("t")}
  from unnest($1::uuid[], $2::text[]) as i(project_id, idempotency_key)
  join tasks t on t.project_id = i.project_id and t.idempotency_key = i.idempotency_key`);

/**
 * Inserts tasks in one round trip, two when idempotency keys repeat; gives the results by position. Call it with the tasks in
 * the order of their idempotency keys: then two calls with the same keys wait for each other and do not deadlock. Throws `NotFound` and
 * `InvalidInput` (paths below `pathOf(position)`) before anything is written.
 */
export async function insertTasks(
  connection: Connection,
  caller: Caller,
  tasks: readonly { readonly position: number; readonly task: ParsedTask }[],
  pathOf: (position: number) => readonly string[],
): Promise<Map<number, CreatedTask>> {
  const rows = await connection.run(insertRows, [...callerValues(caller), JSON.stringify(tasks.map(rowOf))]);
  refuse(rows, pathOf);
  const result = new Map<number, CreatedTask>();
  for (const { position, problem: _, created, ...task } of rows) {
    if (created) result.set(position, { task, repeated: false });
  }
  const repeated = tasks.filter(({ position }) => !result.has(position));
  if (repeated.length === 0) return result;
  const projectIds = repeated.map(({ task }) => task.projectId);
  const keys = repeated.map(({ task }) => task.idempotencyKey ?? null);
  const found = await connection.run(tasksByKey, [projectIds, keys]);
  const byKey = new Map(found.map((task) => [`${task.projectId} ${task.idempotencyKey}`, task]));
  for (const { position, task } of repeated) {
    const existing = byKey.get(`${task.projectId} ${task.idempotencyKey}`);
    if (!existing) throw new NotFound("task");
    result.set(position, { task: existing, repeated: true });
  }
  return result;
}

function rowOf({ position, task }: { readonly position: number; readonly task: ParsedTask }, rank: number) {
  return {
    rank,
    position,
    id: newId(),
    project_id: task.projectId,
    kind: task.kind,
    queue: task.queue ?? "default",
    capability: task.agentId ? (task.capability ?? null) : (task.capability ?? task.kind),
    target_agent_id: task.agentId ?? null,
    priority: task.priority ?? 0,
    max_failures: task.maxFailures ?? 3,
    run_at: task.runAt ?? null,
    deadline: task.deadline ?? null,
    timeout_ms: task.timeoutMs ?? null,
    backoff_initial_ms: task.backoff?.initialMs ?? 1_000,
    backoff_factor: task.backoff?.factor ?? 2,
    backoff_max_ms: task.backoff?.maxMs ?? 300_000,
    backoff_jitter: task.backoff ? (task.backoff.jitter ?? false) : true,
    input: task.input,
    idempotency_key: task.idempotencyKey ?? null,
    concurrency_key: task.concurrencyKey ?? null,
  };
}

function refuse(
  rows: readonly { readonly position: number; readonly problem: Problem | null }[],
  pathOf: (position: number) => readonly string[],
): void {
  const missing = rows.find((row) => row.problem === "project" || row.problem === "agent");
  if (missing?.problem) throw new NotFound(missing.problem);
  const late = rows.filter((row) => row.problem === "deadline").sort((a, b) => a.position - b.position);
  if (late.length === 0) return;
  throw new InvalidInput(
    late.map((row): InputIssue => ({
      path: [...pathOf(row.position), "deadline"],
      message: "has passed. Choose a later one.",
    })),
  );
}
