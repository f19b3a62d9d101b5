import type { Json } from "@muster/domain/json.ts";
import type { Backoff, ParsedTask, RetryRule } from "./create-task-input.ts";
import type { InsertedRow } from "./insert-statement.ts";
import type { Task } from "./task.ts";

/** What one task gives to `insertStatement` besides what it has in common with others. */
export interface TaskRow {
  readonly id: string;
  readonly input: Json;
  readonly idempotencyKey: string | null;
  readonly template: TaskTemplate;
}

/** What tasks that are made alike have in common: it is sent and looked into once for all of them. */
export type TaskTemplate = ReturnType<typeof templateOf> & {
  readonly schedule_id: string | null;
  readonly workflow_id: string | null;
  readonly workflow_step: string | null;
  readonly waits: boolean;
  readonly has_dependents: boolean;
};

/** A new task as its row is: reading it back would cost more than writing it. */
export function newTask({ id, input, idempotencyKey, template: row }: TaskRow, inserted: InsertedRow): Task {
  const { workspaceId, laneId, at, runAt, delayed } = inserted;
  return {
    id,
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
    input,
    output: null,
    error: null,
    progress: null,
    progressMessage: null,
    chunkCount: 0,
    chunkAttempt: 0,
    chunkSequence: 0,
    idempotencyKey,
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

/** What a task says for its template. */
export function templateOf(task: ParsedTask) {
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
