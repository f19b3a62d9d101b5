import { rowColumns } from "@muster/database/row-columns.ts";
import type { bulkJobTargets } from "@muster/database/tables/bulk-job-targets.ts";
import { bulkJobs } from "@muster/database/tables/bulk-jobs.ts";
import { type Caller, within } from "@muster/domain/actor.ts";
import { BULK_JOB_KINDS, type BulkJobKind } from "@muster/domain/bulk-job-lifecycle.ts";
import type { Permission } from "@muster/domain/permissions.ts";
import { CALLER_COLUMNS } from "../caller-values.ts";

/** A bulk job as its row is, with what follows from its counters. */
export type BulkJob = Omit<typeof bulkJobs.$inferSelect, "filter"> & {
  /** The `TaskFilter`, or of TRANSITION the agents' filter, as JSON, with times as text. */
  readonly filter: Readonly<Record<string, unknown>>;
  /** Targets whose agents have been asked to stop, and that are being watched. */
  readonly started: number;
  /** Targets whose turn has not come; in a job that was aborted it never will. */
  readonly pending: number;
};

export type BulkJobTarget = typeof bulkJobTargets.$inferSelect;

/** What it takes to ask for a job of each kind, and to abort one. */
export const BULK_JOB_PERMISSIONS: Readonly<Record<BulkJobKind, Permission>> = {
  CANCEL: "task.cancel",
  RETRY: "task.retry",
  TRANSITION: "agent.transition",
};

/** Who asked for a job, for what it does in their name: within the job's project, and nothing but that. */
export function creatorOf(job: BulkJob): Caller {
  const { creatorKind: kind, creatorId: id, creatorName: name, workspaceId, projectId, correlationId } = job;
  const reach = within(workspaceId, projectId);
  return { actor: { kind, id, name, reach, permissions: new Set() }, correlationId, origin: null };
}

/** The kinds of job that someone with these permissions may ask for and abort. */
export function allowedKinds(permissions: ReadonlySet<Permission>): BulkJobKind[] {
  return BULK_JOB_KINDS.filter((kind) => permissions.has(BULK_JOB_PERMISSIONS[kind]));
}

/** An SQL expression: how many targets of the job `alias` are being watched. */
export function startedTargets(alias: string): string {
  return `(${alias}.position - ${alias}.succeeded - ${alias}.skipped - ${alias}.failed)`;
}

/** The select list that turns the row `alias` into a `BulkJob`. */
export function bulkJobColumns(alias: string): string {
  return `${rowColumns(bulkJobs, alias)}, ${startedTargets(alias)} as "started", ${alias}.total - ${alias}.position as "pending"`;
}

/** A lateral select of the task with an id. The limit has each looked up by itself, however many rows the planner expects. */
export function taskById(id: string): string {
  return `select t.* from tasks t where t.id = ${id} limit 1`;
}

/** The same of an agent. */
export function agentById(id: string): string {
  return `select a.* from agents a where a.id = ${id} limit 1`;
}

interface BulkJobEvent {
  /** SQL expressions over the row `j` of the source. `payload` is added to how far the job is. */
  readonly type: string;
  readonly at: string;
  readonly reason?: string;
  readonly payload?: string;
}

/**
 * A select that makes one event of each row `j` of `source`, a CTE with the columns of `bulk_jobs` after the change, for
 * `appendEvents`. The statement's $1 to $6 are `callerValues`. Every event says how far the job is.
 */
export function bulkJobEvents(source: string, { type, at, reason = "null", payload = "'{}'" }: BulkJobEvent): string {
  return `select j.workspace_id, j.project_id, ${type} as type, j.id as subject_id, j.version as subject_version, null::uuid as agent_id,
    null::uuid as task_id, null::uuid as context_id, ${CALLER_COLUMNS}, ${reason}::text as reason,
    jsonb_build_object('kind', j.kind, 'total', j.total, 'succeeded', j.succeeded, 'skipped', j.skipped, 'failed', j.failed,
      'started', ${startedTargets("j")}, 'pending', j.total - j.position)
      || jsonb_strip_nulls(jsonb_build_object('agentAction', j.action)) || ${payload}::jsonb as payload,
    null::jsonb as labels, ${at} as at from ${source} j`;
}
