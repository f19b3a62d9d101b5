import { statement } from "@muster/database/statement.ts";
import { type BulkJob, bulkJobColumns } from "./bulk-job.ts";

/** Targets in a batch. */
const BATCH = 500;

const LOOK_DUE = "j.looked_at <= clock_timestamp() - interval '1 second'";

/** The jobs that can have a turn now: batches to do, or targets to look at again. */
export const jobsWithWork = statement<{ id: string }>(`
  select j.id from bulk_jobs j
  where j.finished_at is null and ((j.state = 'RUNNING' and j.position < greatest(j.total, 1)) or ${LOOK_DUE}) order by j.id`);

/**
 * Takes a turn of the job $1: locks it, and gives the tasks of its next batch, and whether it is time to look at what is being
 * watched. No row when another replica has it. The lock makes turns of one job follow each other, whoever takes them, and keeps
 * an abort waiting until the batch is done.
 */
export const takeTurn = statement<BulkJob & { look: boolean; taskIds: string[] }>(`
  with job as materialized (select * from bulk_jobs where id = $1 and finished_at is null for no key update skip locked)
  select ${bulkJobColumns("j")}, ${LOOK_DUE} as look, array(
    select g.task_id from bulk_job_targets g where j.state = 'RUNNING' and g.job_id = j.id and g.number > j.position
    order by g.number limit ${BATCH}
  ) as "taskIds"
  from job j`);
