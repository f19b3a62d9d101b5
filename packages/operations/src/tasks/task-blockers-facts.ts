import { statement } from "@muster/database/statement.ts";
import type { DependencyCondition } from "@muster/domain/dependency-condition.ts";
import type { ParkingReason } from "@muster/domain/parking-reason.ts";
import type { TaskState } from "@muster/domain/task-lifecycle.ts";
import type { Queue } from "../queues/queue.ts";
import { tokensAt } from "../rate-limits/rate-limit.ts";
import { heldInQueues, heldInWorkspaces } from "./ready-tasks.ts";
import { ENDED, HELD } from "./task.ts";

/** A task that has not started, and what may hold it back, all at the moment `at`. */
export interface WaitingTask {
  readonly id: string;
  readonly state: TaskState;
  readonly at: Date;
  readonly laneId: string;
  readonly capability: string | null;
  readonly targetAgentId: string | null;
  readonly requiredLabels: { readonly [key: string]: string };
  readonly agentId: string | null;
  readonly leaseUntil: Date | null;
  readonly deadlinePassed: boolean;
  readonly failures: number;
  readonly runAt: Date;
  readonly parkedFor: ParkingReason | null;
  readonly parkedUntil: Date | null;
  readonly dependencyCondition: DependencyCondition | null;
  readonly queue: string;
  readonly queueId: string | null;
  readonly pausedAt: Date | null;
  readonly pauseReason: string | null;
  readonly pausedBy: Queue["pausedBy"];
  readonly queueLimit: number | null;
  readonly queueRunning: number;
  readonly workspaceLimit: number | null;
  readonly workspaceRunning: number;
  readonly concurrencyKey: string | null;
  readonly concurrencyLimit: number;
  readonly keyRunning: number;
  readonly keyHolderId: string | null;
  readonly rateLimitKey: string | null;
  readonly rateLimit: number | null;
  /** When its rate limit has a token; null when it has one, and without a limit. */
  readonly nextTokenAt: Date | null;
}

// Queues, workspaces and keys are looked at once, however many of the tasks share them; what is held is counted where there is a limit.
export const waitingTasks = statement<WaitingTask>(`
  with present as materialized (select clock_timestamp() as at),
  wanted as materialized (
    select t.* from tasks t
    where t.id = any($1::uuid[]) and ($2::uuid[] is null or t.workspace_id = any($2)) and ($3::uuid[] is null or t.project_id = any($3))
      and t.state in ('WAITING', 'QUEUED', 'ASSIGNED')
  ),
  queue as materialized (
    select q.*, q.name as queue, q.max_running as max
    from queues q join (select distinct project_id, queue from wanted) w on w.project_id = q.project_id and w.queue = q.name
  ),
  workspace as materialized (
    select s.id as workspace_id, s.max_running_tasks as max from workspaces s where s.id in (select workspace_id from wanted)
  ),
  queue_count as materialized (${heldInQueues("queue")}),
  workspace_count as materialized (${heldInWorkspaces("workspace")}),
  key as materialized (
    select w.*, h.running, h.holder
    from (select distinct project_id, concurrency_key, concurrency_limit from wanted where concurrency_key is not null) w
    cross join lateral (
      select count(*)::int as running, (array_agg(h.id order by h.concurrency_slot))[1] as holder from tasks h
      where h.project_id = w.project_id and h.concurrency_key = w.concurrency_key and h.concurrency_slot <= w.concurrency_limit
        and h.state = any(${HELD})) h
  )
  select t.id, t.state, p.at, t.lane_id as "laneId", t.capability, t.target_agent_id as "targetAgentId",
    t.required_labels as "requiredLabels", t.agent_id as "agentId", t.lease_until as "leaseUntil",
    coalesce(t.deadline <= p.at, false) as "deadlinePassed", t.failures, t.run_at as "runAt",
    t.parked_for as "parkedFor", t.parked_until as "parkedUntil", t.dependency_condition as "dependencyCondition",
    t.queue, q.id as "queueId", q.paused_at as "pausedAt", q.pause_reason as "pauseReason", q.paused_by as "pausedBy",
    q.max as "queueLimit", coalesce(qc.held, 0) as "queueRunning",
    s.max as "workspaceLimit", coalesce(sc.held, 0) as "workspaceRunning",
    t.concurrency_key as "concurrencyKey", t.concurrency_limit as "concurrencyLimit", coalesce(k.running, 0) as "keyRunning",
    k.holder as "keyHolderId", t.rate_limit_key as "rateLimitKey", r.max as "rateLimit",
    case when b.tokens < 1 then p.at + interval '1 millisecond' * ((1 - b.tokens) * r.period_ms / r.max) end as "nextTokenAt"
  from wanted t cross join present p
  join workspace s on s.workspace_id = t.workspace_id
  left join workspace_count sc on sc."workspaceId" = t.workspace_id
  left join queue q on q.project_id = t.project_id and q.name = t.queue
  left join queue_count qc on qc."projectId" = t.project_id and qc.queue = t.queue
  left join key k on k.project_id = t.project_id and k.concurrency_key = t.concurrency_key and k.concurrency_limit = t.concurrency_limit
  left join rate_limits r on r.project_id = t.project_id and r.key = t.rate_limit_key
  left join lateral (select ${tokensAt("r", "p.at")} as tokens) b on true`);

/** A task that another one waits for. */
export interface OpenDependency {
  readonly taskId: string;
  readonly dependsOnId: string;
  readonly state: TaskState;
}

/** Of the tasks $1: those that they wait for and that have not ended. */
export const openDependencies = statement<OpenDependency>(`
  select d.task_id as "taskId", t.id as "dependsOnId", t.state from task_dependencies d join tasks t on t.id = d.depends_on_id
  where d.task_id = any($1::uuid[]) and t.state <> all(${ENDED}) order by d.task_id, t.id`);
