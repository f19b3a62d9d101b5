import { TASK_STATES } from "@muster/domain/task-lifecycle.ts";
import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { clock, moment, oneOf } from "../columns.ts";
import { agents } from "./agents.ts";
import { projects } from "./projects.ts";

export const tasks = pgTable(
  "tasks",
  {
    id: uuid("id").primaryKey(),
    workspaceId: uuid("workspace_id").notNull(),
    projectId: uuid("project_id").notNull(),
    kind: text("kind").notNull(),
    queue: text("queue").notNull().default("default"),
    /** What an agent must be able to do; null when the task is for one named agent. */
    capability: text("capability"),
    /** The one agent that may run it, when it was named at creation. */
    targetAgentId: uuid("target_agent_id"),
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
    input: jsonb("input").notNull(),
    output: jsonb("output"),
    /** { kind, message, retryable } of the last failed attempt. */
    error: jsonb("error"),
    progress: doublePrecision("progress"),
    progressMessage: text("progress_message"),
    /** How many chunks its attempts have streamed; also the number of the newest one. */
    chunkCount: integer("chunk_count").notNull().default(0),
    idempotencyKey: text("idempotency_key"),
    concurrencyKey: text("concurrency_key"),
    replayOf: uuid("replay_of"),
    createdAt: moment("created_at").notNull().default(clock),
    startedAt: moment("started_at"),
    finishedAt: moment("finished_at"),
  },
  (table) => [
    unique("tasks_workspace_id_project_id_id_key").on(table.workspaceId, table.projectId, table.id),
    foreignKey({
      name: "tasks_project_fkey",
      columns: [table.workspaceId, table.projectId],
      foreignColumns: [projects.workspaceId, projects.id],
    }),
    foreignKey({
      name: "tasks_agent_fkey",
      columns: [table.workspaceId, table.projectId, table.agentId],
      foreignColumns: [agents.workspaceId, agents.projectId, agents.id],
    }),
    foreignKey({
      name: "tasks_target_agent_fkey",
      columns: [table.workspaceId, table.projectId, table.targetAgentId],
      foreignColumns: [agents.workspaceId, agents.projectId, agents.id],
    }),
    foreignKey({
      name: "tasks_replay_of_fkey",
      columns: [table.workspaceId, table.projectId, table.replayOf],
      foreignColumns: [table.workspaceId, table.projectId, table.id],
    }),
    oneOf("tasks_state_check", table.state, TASK_STATES),
    check("tasks_attempt_check", sql`${table.attempt} >= 0 and ${table.failures} >= 0`),
    uniqueIndex("tasks_idempotency_key_key")
      .on(table.projectId, table.idempotencyKey)
      .where(sql`idempotency_key is not null`),
    uniqueIndex("tasks_running_concurrency_key_key")
      .on(table.projectId, table.concurrencyKey)
      .where(sql`concurrency_key is not null and state in ('ASSIGNED', 'RUNNING', 'CANCELLING')`),
    index("tasks_ready_capability_index")
      .on(table.projectId, table.capability, table.priority.desc(), table.runAt, table.id)
      .where(sql`state = 'QUEUED' and capability is not null and target_agent_id is null`),
    index("tasks_ready_agent_index")
      .on(table.targetAgentId, table.priority.desc(), table.runAt, table.id)
      .where(sql`state = 'QUEUED' and target_agent_id is not null`),
    index("tasks_held_index")
      .on(table.agentId, table.id)
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
    index("tasks_project_id_created_at_index").on(table.projectId, table.createdAt, table.id),
    index("tasks_project_id_run_at_index").on(table.projectId, table.runAt, table.id),
    index("tasks_project_id_priority_index").on(table.projectId, table.priority, table.id),
    index("tasks_project_id_finished_at_index").on(table.projectId, sql`coalesce(finished_at, 'infinity')`, table.id),
    index("tasks_project_id_state_created_at_index").on(table.projectId, table.state, table.createdAt, table.id),
    index("tasks_agent_id_created_at_index").on(table.agentId, table.createdAt, table.id),
    index("tasks_target_agent_id_created_at_index").on(table.targetAgentId, table.createdAt, table.id),
  ],
);
