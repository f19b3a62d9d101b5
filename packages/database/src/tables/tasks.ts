import { DEPENDENCY_CONDITIONS } from "@muster/domain/dependency-condition.ts";
import { PARKING_REASONS } from "@muster/domain/parking-reason.ts";
import { TASK_STATES } from "@muster/domain/task-lifecycle.ts";
import { sql } from "drizzle-orm";
import { boolean, doublePrecision, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { clock, moment, oneOf } from "../columns.ts";

export const tasks = pgTable(
  "tasks",
  {
    id: uuid("id").primaryKey(),
    workspaceId: uuid("workspace_id").notNull(),
    projectId: uuid("project_id").notNull(),
    /** What stands in one line with it: the tasks that the same agents can take. */
    laneId: integer("lane_id").notNull(),
    kind: text("kind").notNull(),
    queue: text("queue").notNull().default("default"),
    /** What an agent must be able to do; null when the task is for one named agent. */
    capability: text("capability"),
    /** The one agent that may run it, when it was named at creation. */
    targetAgentId: uuid("target_agent_id"),
    /** Labels that its agent must have. */
    requiredLabels: jsonb("required_labels").notNull().default({}),
    /** The agent that holds it, or held it last. */
    agentId: uuid("agent_id"),
    /** Higher runs first. */
    priority: integer("priority").notNull().default(0),
    state: text("state", { enum: TASK_STATES }).notNull().default("QUEUED"),
    stateSince: moment("state_since").notNull().default(clock),
    version: integer("version").notNull().default(1),
    /** The fence: rises with each assignment; 0 before the first. */
    attempt: integer("attempt").notNull().default(0),
    failures: integer("failures").notNull().default(0),
    maxFailures: integer("max_failures").notNull().default(3),
    runAt: moment("run_at").notNull().default(clock),
    /** Why it is out of its lane for now, although QUEUED; null: it stands in it. */
    parkedFor: text("parked_for", { enum: PARKING_REASONS }),
    /** When it goes back into its lane by itself. */
    parkedUntil: moment("parked_until"),
    deadline: moment("deadline"),
    /** How long one attempt may run. */
    timeoutMs: integer("timeout_ms"),
    /** When the running attempt has used up its `timeoutMs`. */
    timeoutAt: moment("timeout_at"),
    leaseUntil: moment("lease_until"),
    /** When a cancelled run is ended by force. */
    cancelUntil: moment("cancel_until"),
    cancelReason: text("cancel_reason"),
    backoffInitialMs: integer("backoff_initial_ms").notNull().default(1000),
    backoffFactor: doublePrecision("backoff_factor").notNull().default(2),
    backoffMaxMs: integer("backoff_max_ms").notNull().default(300_000),
    backoffJitter: boolean("backoff_jitter").notNull().default(true),
    /** What differs by the kind of error: { [kind]: { retryable?, maxFailures?, initialMs?, factor?, maxMs?, jitter? } }. */
    retryRules: jsonb("retry_rules").notNull().default({}),
    input: jsonb("input").notNull(),
    output: jsonb("output"),
    /** { kind, message, retryable } of the last failed attempt. */
    error: jsonb("error"),
    progress: doublePrecision("progress"),
    progressMessage: text("progress_message"),
    /** How many chunks its attempts have streamed; also the number of the newest one. */
    chunkCount: integer("chunk_count").notNull().default(0),
    /** Of the newest chunk that its agent has numbered: the attempt, and the number within that. */
    chunkAttempt: integer("chunk_attempt").notNull().default(0),
    chunkSequence: integer("chunk_sequence").notNull().default(0),
    idempotencyKey: text("idempotency_key"),
    concurrencyKey: text("concurrency_key"),
    /** How many tasks of its key may be held for it to be held too. */
    concurrencyLimit: integer("concurrency_limit").notNull().default(1),
    /** Which of these places it has, from 1, while it is held. */
    concurrencySlot: integer("concurrency_slot"),
    rateLimitKey: text("rate_limit_key"),
    replayOf: uuid("replay_of"),
    scheduleId: uuid("schedule_id"),
    workflowId: uuid("workflow_id"),
    /** Its name in its workflow. */
    workflowStep: text("workflow_step"),
    /** What has to become of the tasks that it waits for. */
    dependencyCondition: text("dependency_condition", { enum: DEPENDENCY_CONDITIONS }),
    /** Whether other tasks wait for it. */
    hasDependents: boolean("has_dependents").notNull().default(false),
    /** For so long its output and chunks are kept after its end; null: for ever. */
    resultTtlMs: doublePrecision("result_ttl_ms"),
    /** When output and chunks are removed; null before the end, without a limit, and once that has happened. */
    resultExpiresAt: moment("result_expires_at"),
    /** When they were. */
    resultExpiredAt: moment("result_expired_at"),
    createdAt: moment("created_at").notNull().default(clock),
    startedAt: moment("started_at"),
    finishedAt: moment("finished_at"),
  },
  (table) => [
    // No foreign keys: each is checked for each task. The statements that write lanes, agents, schedules, workflows and replayed tasks into
    // these columns read them from rows of the same project, and none of those rows is ever removed. And one check only: Postgres reads and
    // compiles each anew for every statement that writes, which together cost a fifth of a task's life (see decision 030).
    oneOf("tasks_state_check", table.state, TASK_STATES),
    uniqueIndex("tasks_concurrency_slot_key")
      .on(table.projectId, table.concurrencyKey, table.concurrencySlot)
      .where(sql`concurrency_key is not null and state in ('ASSIGNED', 'RUNNING', 'CANCELLING')`),
    index("tasks_lane_index")
      .on(table.laneId, table.priority.desc(), table.runAt, table.id)
      .where(sql`state = 'QUEUED' and parked_for is null`),
    index("tasks_parked_until_index")
      .on(table.parkedUntil)
      .where(sql`state = 'QUEUED' and parked_for in ('TIME', 'RATE_LIMIT')`),
    index("tasks_parked_key_index")
      .on(table.projectId, table.concurrencyKey, table.laneId, table.priority.desc(), table.runAt, table.id)
      .where(sql`state = 'QUEUED' and parked_for = 'CONCURRENCY_KEY'`),
    index("tasks_held_index")
      .on(table.workspaceId, table.projectId, table.agentId, table.id)
      .where(sql`state in ('ASSIGNED', 'RUNNING', 'CANCELLING')`),
    index("tasks_lease_until_index")
      .on(table.leaseUntil)
      .where(sql`state in ('ASSIGNED', 'RUNNING', 'CANCELLING')`),
    index("tasks_timeout_at_index")
      .on(table.timeoutAt)
      .where(sql`timeout_at is not null and state = 'RUNNING'`),
    index("tasks_cancel_until_index")
      .on(table.cancelUntil)
      .where(sql`state = 'CANCELLING'`),
    index("tasks_deadline_index")
      .on(table.deadline)
      .where(sql`deadline is not null and state in ('WAITING', 'QUEUED', 'ASSIGNED')`),
    index("tasks_lane_parked_index")
      .on(table.laneId, table.parkedFor, table.id)
      .where(sql`state = 'QUEUED' and parked_for is not null`),
    index("tasks_parked_rate_index")
      .on(table.projectId, table.rateLimitKey, table.parkedUntil)
      .where(sql`state = 'QUEUED' and parked_for = 'RATE_LIMIT'`),
    index("tasks_result_expires_at_index")
      .on(table.resultExpiresAt)
      .where(sql`result_expires_at is not null`),
    index("tasks_workflow_id_index")
      .on(table.workflowId, table.id)
      .where(sql`workflow_id is not null`),
    index("tasks_replay_of_index")
      .on(table.replayOf, table.createdAt, table.id)
      .where(sql`replay_of is not null`),
    index("tasks_schedule_id_index")
      .on(table.scheduleId, table.createdAt, table.id)
      .where(sql`schedule_id is not null`),
    // Each change of state adds to every index whose condition holds: few, and none over all tasks but this one.
    index("tasks_project_id_state_created_at_index").on(table.projectId, table.state, table.createdAt, table.id),
    index("tasks_project_id_run_at_index")
      .on(table.projectId, table.runAt, table.id)
      .where(sql`state in ('WAITING', 'QUEUED')`),
    index("tasks_project_id_priority_index")
      .on(table.projectId, table.priority, table.id)
      .where(sql`state in ('WAITING', 'QUEUED')`),
    // The last three answer for a project's statistics without a look at the rows.
    index("tasks_project_id_finished_at_index")
      .on(table.projectId, table.finishedAt, table.id, table.state, table.createdAt, table.startedAt)
      .where(sql`finished_at is not null`),
    index("tasks_agent_id_created_at_index")
      .on(table.agentId, table.createdAt, table.id)
      .where(sql`agent_id is not null`),
    index("tasks_target_agent_id_created_at_index")
      .on(table.targetAgentId, table.createdAt, table.id)
      .where(sql`target_agent_id is not null`),
  ],
);
