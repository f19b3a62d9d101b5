import { statement } from "@muster/database/statement.ts";
import { type BulkJob, bulkJobColumns } from "./bulk-job.ts";

/** Targets in a batch. An agent is one by itself, because no transaction may lock an agent after tasks. */
const BATCH = "case j.kind when 'TRANSITION' then 1 else 500 end";

const LOOK_DUE = "j.looked_at <= clock_timestamp() - interval '1 second'";

/** The jobs that can have a turn now: batches to do, or targets to look at again. */
export const jobsWithWork = statement<Pick<BulkJob, "id" | "kind">>(`
  select j.id, j.kind from bulk_jobs j
  where j.finished_at is null and ((j.state = 'RUNNING' and j.position < greatest(j.total, 1)) or ${LOOK_DUE}) order by j.id`);

/**
 * Takes a turn of the job $1: locks it, and gives the targets of its next batch, and whether it is time to look at what is being
 * watched. No row when another replica has it. The lock makes turns of one job follow each other, whoever takes them, and keeps
 * an abort waiting until the batch is done.
 */
export const takeTurn = statement<BulkJob & { look: boolean; targetIds: string[] }>(`
  with job as materialized (select * from bulk_jobs where id = $1 and finished_at is null for no key update skip locked)
  select ${bulkJobColumns("j")}, ${LOOK_DUE} as look, array(
    select coalesce(g.task_id, g.agent_id) from bulk_job_targets g where j.state = 'RUNNING' and g.job_id = j.id and g.number > j.position
    order by g.number limit ${BATCH}
  ) as "targetIds"
  from job j`);
