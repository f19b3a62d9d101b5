import type { Caller } from "@muster/domain/actor.ts";
import type { AgentAction, TransitionMode } from "@muster/domain/agent-lifecycle.ts";
import type { BulkJobKind } from "@muster/domain/bulk-job-lifecycle.ts";
import { Conflict, LimitExceeded, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { type SQL, sql } from "drizzle-orm";
import { CALLER_COLUMNS, CALLER_TYPES, callerValues, inReach } from "../caller-values.ts";
import { newId } from "../new-id.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { type BulkJob, bulkJobColumns, bulkJobEvents } from "./bulk-job.ts";

/** A million targets are more than other statements may take their time for. */
const MOST_TIME = sql`set local statement_timeout = '120s'`;

export interface JobToFreeze {
  readonly kind: BulkJobKind;
  readonly action?: AgentAction;
  readonly mode?: TransitionMode;
  readonly projectId: string;
  readonly filter: object;
  readonly reason: string;
  readonly expectedCount?: number | null | undefined;
  /** A select of its targets: `id` and `number` from 1, one more than a job may have at most. */
  readonly chosen: SQL;
  /** What the targets are, for people, and the column that names them. */
  readonly things: "tasks" | "agents";
}

/**
 * Writes a job and its targets in one statement: what matches later is left alone. Throws `NotFound` without the project,
 * `Conflict` when there are not `expectedCount` of them, `LimitExceeded` when there are too many; then nothing was written.
 */
export async function freezeJob(runtime: Runtime, caller: Caller, job: JobToFreeze): Promise<BulkJob> {
  const most = runtime.settings.maxBulkTargets;
  const [found] = await writeAll(runtime, async (transaction) => {
    await transaction.query(MOST_TIME);
    return transaction.query<Partial<BulkJob> & { count: number }>(freeze(caller, job, most));
  });
  if (!found) throw new NotFound("project");
  const { count, ...created } = found;
  if (count > most) {
    throw new LimitExceeded("bulkJob.targets", `More than ${most} ${job.things} match. Narrow the filter down.`);
  }
  const expected = job.expectedCount ?? count;
  if (count !== expected) throw new Conflict(`the number of ${job.things}`, `${expected}`, `${count}`);
  return created as BulkJob;
}

/** One row where the caller sees the project: how many there are, and the job unless that is not what was expected. */
function freeze(caller: Caller, job: JobToFreeze, most: number) {
  const values = sql.join(
    callerValues(caller).map((value, place) => sql`${sql.param(value)}::${sql.raw(CALLER_TYPES[place] ?? "text")}`),
    sql`, `,
  );
  const column = sql.raw(job.things === "tasks" ? "task_id" : "agent_id");
  // The caller's values are the first parameters: the fragments in plain text call them $1 to $6.
  return sql`
    with caller as (select ${values}),
    chosen as materialized (${job.chosen}),
    counted as (
      select p.workspace_id, p.project_id, (select count(*)::int from chosen) as count
      from (select workspace_id, id as project_id from projects where id = ${job.projectId}) p where ${sql.raw(inReach("p"))}
    ),
    created as (
      insert into bulk_jobs (id, workspace_id, project_id, kind, action, mode, filter, reason, total, creator_kind, creator_id, creator_name, correlation_id)
      select ${newId()}::uuid, c.workspace_id, c.project_id, ${job.kind}::text, ${job.action ?? null}::text, ${job.mode ?? null}::text,
        ${JSON.stringify(job.filter)}::jsonb, ${job.reason}::text, c.count,
        who.actor_kind, who.actor_id, who.actor_name, who.correlation_id
      from counted c cross join (select ${sql.raw(CALLER_COLUMNS)}) who
      where c.count <= ${most} and c.count = coalesce(${job.expectedCount ?? null}::int, c.count)
      returning *
    ),
    frozen as (
      insert into bulk_job_targets (job_id, number, ${column}) select j.id, c.number, c.id from created j cross join chosen c order by c.number
    ),
    happened as (${sql.raw(bulkJobEvents("created", { type: "'bulk_job.created'", at: "j.created_at", reason: "j.reason" }))}),
    appended as (${sql.raw(appendEvents("happened"))})
    select ${sql.raw(bulkJobColumns("j"))}, c.count from counted c left join created j on true`;
}
