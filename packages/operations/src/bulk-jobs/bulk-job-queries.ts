import { rowColumns } from "@muster/database/row-columns.ts";
import { statement } from "@muster/database/statement.ts";
import { bulkJobTargets } from "@muster/database/tables/bulk-job-targets.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { BulkJobKind, BulkJobOutcome, BulkJobState } from "@muster/domain/bulk-job-lifecycle.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { sql } from "drizzle-orm";
import { authorize, reachOf } from "../authorize.ts";
import { withinReach } from "../caller-values.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import { type BulkJob, type BulkJobTarget, bulkJobColumns } from "./bulk-job.ts";

const jobsById = statement<BulkJob>(`
  select ${bulkJobColumns("j")} from bulk_jobs j
  where j.id = any($1::uuid[]) and ($2::uuid[] is null or j.workspace_id = any($2)) and ($3::uuid[] is null or j.project_id = any($3))`);

/** The bulk jobs with these ids that the caller may see, in any order. */
export async function getBulkJobs(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<BulkJob[]> {
  caller = authorize(caller, "task.read");
  return runtime.database.run(jobsById, [ids, ...reachOf(caller)]);
}

/** A page of the bulk jobs of each project, the newest first; in one of these states and of one of these kinds, where any are given. */
export async function listBulkJobs(
  runtime: Runtime,
  caller: Caller,
  projectIds: readonly string[],
  {
    states,
    kinds,
    page,
  }: { states?: readonly BulkJobState[] | null; kinds?: readonly BulkJobKind[] | null; page: PageArguments },
): Promise<Pages<BulkJob>> {
  caller = authorize(caller, "task.read");
  return readPages<BulkJob>(
    runtime.database,
    {
      columns: sql.raw(bulkJobColumns("j")),
      from: sql`bulk_jobs j`,
      where: [
        sql`j.project_id = ${PARENT}`,
        withinReach(caller, "j"),
        ...(states ? [sql`j.state = any(${sql.param([...states])}::text[])`] : []),
        ...(kinds ? [sql`j.kind = any(${sql.param([...kinds])}::text[])`] : []),
      ],
      orderBy: [
        { expression: sql`j.created_at`, type: "timestamptz" },
        { expression: sql`j.id`, type: "uuid" },
      ],
      direction: "DESC",
    },
    projectIds,
    page,
  );
}

/** A page of the targets of each job, in the order of their turns; with one of these outcomes, where any are given. */
export async function listBulkJobTargets(
  runtime: Runtime,
  caller: Caller,
  jobIds: readonly string[],
  { outcomes, page }: { outcomes?: readonly BulkJobOutcome[] | null; page: PageArguments },
): Promise<Pages<BulkJobTarget>> {
  caller = authorize(caller, "task.read");
  const visible = sql`exists (select from bulk_jobs j where j.id = ${PARENT} and ${withinReach(caller, "j")})`;
  const branches = outcomes && [...new Set(outcomes)].map((outcome) => sql`g.outcome = ${outcome}`);
  return readPages<BulkJobTarget>(
    runtime.database,
    {
      columns: sql.raw(rowColumns(bulkJobTargets, "g")),
      from: sql`bulk_job_targets g`,
      where: [sql`g.job_id = ${PARENT}`, visible, ...(outcomes?.length === 0 ? [sql`false`] : [])],
      ...(branches && branches.length > 0 ? { branches } : {}),
      orderBy: [{ expression: sql`g.number`, type: "integer" }],
      direction: "ASC",
    },
    jobIds,
    page,
  );
}
