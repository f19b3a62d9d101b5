import type { Caller } from "@muster/domain/actor.ts";
import { authorize } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";
import { BULK_JOB_PERMISSIONS, type BulkJob } from "./bulk-job.ts";
import { type BulkJobRequest, chosenTasks, parseRequest, type TaskJobKind } from "./chosen-tasks.ts";
import { freezeJob } from "./freeze-job.ts";

/**
 * Asks for a job that cancels, or retries, the tasks that match now: they are fixed in the statement that writes the job, and
 * what is created later is left alone. Answers at once; a loop does the work. Throws `NotFound` without the project, `Conflict`
 * when there are not `expectedCount` of them, `LimitExceeded` above a million, `InvalidInput`; then nothing was written.
 */
export async function createBulkJob(
  runtime: Runtime,
  caller: Caller,
  kind: TaskJobKind,
  input: BulkJobRequest,
): Promise<BulkJob> {
  caller = authorize(caller, BULK_JOB_PERMISSIONS[kind]);
  const request = parseRequest(input);
  const chosen = chosenTasks(caller, kind, request, runtime.settings.maxBulkTargets);
  return freezeJob(runtime, caller, { ...request, kind, chosen, things: "tasks" });
}
