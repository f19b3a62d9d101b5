import type { Caller } from "@muster/domain/actor.ts";
import type { BulkJobKind } from "@muster/domain/bulk-job-lifecycle.ts";
import { Conflict, LimitExceeded, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { sql } from "drizzle-orm";
import { authorize } from "../authorize.ts";
import { CALLER_COLUMNS, callerValues, inReach } from "../caller-values.ts";
import { newId } from "../new-id.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { BULK_JOB_PERMISSIONS, type BulkJob, bulkJobColumns, bulkJobEvents } from "./bulk-job.ts";
import { type BulkJobRequest, chosenTasks, parseRequest } from "./chosen-tasks.ts";

/** A million targets are more than other statements may take their time for. */
const MOST_TIME = sql`set local statement_timeout = '120s'`;

/** Of $1 to $6. */
const CALLER_TYPES = ["text", "uuid", "text", "text", "uuid", "uuid"];

/**
 * Asks for a job that cancels, or retries, the tasks that match now: they are fixed in the statement that writes the job, and
 * what is created later is left alone. Answers at once; a loop does the work. Throws `NotFound` without the project, `Conflict`
 * when there are not `expectedCount` of them, `LimitExceeded` above a million, `InvalidInput`; then nothing was written.
 */
export async function createBulkJob(
  runtime: Runtime,
  caller: Caller,
  kind: BulkJobKind,
  input: BulkJobRequest,
): Promise<BulkJob> {
  authorize(caller, BULK_JOB_PERMISSIONS[kind]);
  const request = parseRequest(input);
  const most = runtime.settings.maxBulkTargets;
  const [found] = await writeAll(runtime, async (transaction) => {
    await transaction.query(MOST_TIME);
    return transaction.query<Partial<BulkJob> & { count: number }>(freeze(caller, kind, request, most));
  });
  if (!found) throw new NotFound("project");
  const { count, ...job } = found;
  if (count > most) {
    throw new LimitExceeded("bulkJob.targets", `More than ${most} tasks match. Narrow the filter down.`);
  }
  const expected = request.expectedCount ?? count;
  if (count !== expected) throw new Conflict("the number of tasks", `${expected}`, `${count}`);
  return job as BulkJob;
}

/** One row where the caller sees the project: how many there are, and the job unless that is not what was expected. */
function freeze(caller: Caller, kind: BulkJobKind, request: ReturnType<typeof parseRequest>, most: number) {
  const values = sql.join(
    callerValues(caller).map((value, place) => sql`${value}::${sql.raw(CALLER_TYPES[place] ?? "text")}`),
    sql`, `,
  );
  // The caller's values are the first parameters: the fragments in plain text call them $1 to $6.
  return sql`
    with caller as (select ${values}),
    chosen as materialized (${chosenTasks(caller, kind, request, most)}),
    counted as (
      select p.workspace_id, p.project_id, (select count(*)::int from chosen) as count
      from (select workspace_id, id as project_id from projects where id = ${request.projectId}) p where ${sql.raw(inReach("p"))}
    ),
    created as (
      insert into bulk_jobs (id, workspace_id, project_id, kind, filter, reason, total, creator_kind, creator_id, creator_name, correlation_id)
      select ${newId()}::uuid, c.workspace_id, c.project_id, ${kind}::text, ${JSON.stringify(request.filter)}::jsonb, ${request.reason}::text, c.count,
        who.actor_kind, who.actor_id, who.actor_name, who.correlation_id
      from counted c cross join (select ${sql.raw(CALLER_COLUMNS)}) who
      where c.count <= ${most} and c.count = coalesce(${request.expectedCount ?? null}::int, c.count)
      returning *
    ),
    frozen as (
      insert into bulk_job_targets (job_id, number, task_id) select j.id, c.number, c.id from created j cross join chosen c order by c.number
    ),
    happened as (${sql.raw(bulkJobEvents("created", { type: "'bulk_job.created'", at: "j.created_at", reason: "j.reason" }))}),
    appended as (${sql.raw(appendEvents("happened"))})
    select ${sql.raw(bulkJobColumns("j"))}, c.count from counted c left join created j on true`;
}
