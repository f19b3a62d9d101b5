import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { authorize } from "../authorize.ts";
import { withinReach } from "../caller-values.ts";
import type { Runtime } from "../runtime.ts";
import { getTasks } from "../tasks/task-queries.ts";
import type { Task } from "../tasks/task.ts";
import { BULK_JOB_PERMISSIONS } from "./bulk-job.ts";
import { type BulkJobRequest, chosenTasks, parseRequest, type TaskJobKind } from "./chosen-tasks.ts";

const SAMPLE = 10;

/** What a job would do if it were asked for now. */
export interface BulkJobPreview {
  /** How many tasks it would have as its targets; counts to 1,000,000. */
  readonly count: number;
  /** There are more, and so the job would be refused. */
  readonly countIsCapped: boolean;
  /** The first ten, in the order in which their turn would come. */
  readonly sample: readonly Task[];
}

/**
 * Which tasks a job of this kind would choose now, without doing anything. Throws `NotFound` without the project, `InvalidInput`
 * like the job itself.
 */
export async function previewBulkJob(
  runtime: Runtime,
  caller: Caller,
  kind: TaskJobKind,
  input: BulkJobRequest,
): Promise<BulkJobPreview> {
  caller = authorize(caller, BULK_JOB_PERMISSIONS[kind]);
  const request = parseRequest(input);
  const most = runtime.settings.maxBulkTargets;
  const [found] = await runtime.database.query<{ count: number; sample: string[] }>(sql`
    with chosen as materialized (${chosenTasks(caller, kind, request, most)})
    select (select count(*)::int from chosen) as count,
      array(select id from chosen where number <= ${SAMPLE} order by number) as sample
    from projects p where p.id = ${request.projectId} and ${withinReach(caller, "p", "id")}`);
  if (!found) throw new NotFound("project");
  const tasks = new Map((await getTasks(runtime, caller, found.sample)).map((task) => [task.id, task]));
  return {
    count: Math.min(found.count, most),
    countIsCapped: found.count > most,
    sample: found.sample.flatMap((id) => tasks.get(id) ?? []),
  };
}
