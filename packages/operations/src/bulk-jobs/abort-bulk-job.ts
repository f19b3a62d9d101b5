import { statement } from "@muster/database/statement.ts";
import { type Caller, withPermission } from "@muster/domain/actor.ts";
import { bulkJobLifecycle } from "@muster/domain/bulk-job-lifecycle.ts";
import { IllegalTransition, NotFound } from "@muster/domain/errors.ts";
import { allowedActions } from "@muster/domain/lifecycle.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { targetOf } from "../lifecycle-sql.ts";
import { type Runtime, write } from "../runtime.ts";
import { milliseconds } from "../tasks/task-events.ts";
import {
  allowedKinds,
  BULK_JOB_PERMISSIONS,
  type BulkJob,
  bulkJobColumns,
  bulkJobEvents,
  startedTargets,
} from "./bulk-job.ts";

const AbortBulkJob = z.object({ jobId: z.guid(), reason: text(2_000) });
export type AbortBulkJobInput = z.input<typeof AbortBulkJob>;

const TARGET = targetOf(bulkJobLifecycle, "ABORT", "j.state");

// It waits for the batch that is under way, which has locked the row, and no batch begins once it has committed.
const abort = statement<BulkJob>(`
  with moved as (
    update bulk_jobs j
    set state = ${TARGET},
        state_since = greatest(clock_timestamp(), j.state_since),
        version = j.version + 1,
        finished_at = case when ${startedTargets("j")} = 0 then clock_timestamp() end
    from bulk_jobs before
    where j.id = $7 and before.id = j.id and ${TARGET} is not null and j.kind = any($8::text[]) and ${inReach("j")}
    returning j.*, before.state as origin, ${milliseconds("before.state_since", "j.state_since")} as duration_ms
  ),
  happened as (${bulkJobEvents("moved", {
    type: "'bulk_job.transitioned'",
    at: "j.state_since",
    reason: "$9",
    payload: "jsonb_build_object('from', j.origin, 'to', j.state, 'action', 'ABORT', 'durationMs', j.duration_ms)",
  })}),
  appended as (${appendEvents("happened")})
  select ${bulkJobColumns("j")} from moved j`);

const presentState = statement<Pick<BulkJob, "kind" | "state">>(`
  select j.kind, j.state from bulk_jobs j
  where j.id = $1 and ($2::uuid[] is null or j.workspace_id = any($2)) and ($3::uuid[] is null or j.project_id = any($3))`);

/**
 * Stops a job between two batches: once this has answered, it touches no further task or agent. What was done stays
 * done, what was asked to stop is watched to the end, and targets whose turn had not come stay PENDING. Throws
 * `IllegalTransition` when it has ended, `NotFound`, `Forbidden` without the permission that such a job takes.
 */
export async function abortBulkJob(runtime: Runtime, caller: Caller, input: AbortBulkJobInput): Promise<BulkJob> {
  const kinds = allowedKinds(caller.actor.permissions);
  if (kinds.length === 0) caller = authorize(caller, "task.cancel");
  const { jobId, reason } = parseInput(AbortBulkJob, input);
  if (caller.actor.grants) {
    // Which roles count depends on what kind of job it is.
    const [present] = await runtime.database.run(presentState, [jobId, ...reachOf(caller)]);
    if (!present) throw new NotFound("bulk job");
    caller = withPermission(caller, BULK_JOB_PERMISSIONS[present.kind]);
  }
  const [aborted] = await write(runtime, abort, [...callerValues(caller), jobId, kinds, reason]);
  if (aborted) return aborted;
  const [present] = await runtime.database.run(presentState, [jobId, ...reachOf(caller)]);
  if (!present) throw new NotFound("bulk job");
  caller = authorize(caller, BULK_JOB_PERMISSIONS[present.kind]);
  const allowed = allowedActions(bulkJobLifecycle, present.state, "client");
  throw new IllegalTransition("bulk job", present.state, "ABORT", allowed);
}
