import { systemCaller } from "../authorize.ts";
import { callerValues } from "../caller-values.ts";
import type { Runtime } from "../runtime.ts";
import type { OperationSettings } from "../settings.ts";
import { workChanged } from "../tasks/local-work.ts";
import { actOnTasks } from "./act-on-tasks.ts";
import { recordOutcomes } from "./record-outcomes.ts";
import { jobsWithWork, takeTurn } from "./take-turn.ts";

/** Past the grace period and the time that a server gives agents when it has slept, for its rounds and ours. */
const MARGIN_MS = 2_000;

const runner = systemCaller("bulk jobs");

/**
 * One round: each job that is not finished has one turn, so that a small one does not wait for a large one. Any number of
 * replicas may do so at once, and one that is killed loses nothing: a turn is one transaction. Gives whether there is more to
 * do at once. A job whose turn fails is told to `onError` and has another one in the next round.
 */
export async function runBulkJobs(runtime: Runtime, onError: (error: Error) => void): Promise<boolean> {
  let more = false;
  for (const { id } of await runtime.database.run(jobsWithWork, [])) {
    try {
      more = (await takeTurnOf(runtime, id)) || more;
    } catch (error) {
      onError(error as Error);
    }
  }
  return more;
}

async function takeTurnOf(runtime: Runtime, jobId: string): Promise<boolean> {
  const { database, settings } = runtime;
  const job = await database.transaction(async (transaction) => {
    const [taken] = await transaction.run(takeTurn, [jobId]);
    if (!taken) return null;
    const { look, taskIds } = taken;
    const acted = await actOnTasks(transaction, settings, taken, taskIds);
    const moved = acted.map(({ taskId }) => taskId);
    const replays = acted.map(({ newTaskId }) => newTaskId);
    const values = [jobId, taskIds, moved, replays, look, patienceMs(settings)];
    const [after] = await transaction.run(recordOutcomes, [...callerValues(runner), ...values]);
    return after ?? null;
  });
  if (!job) return false;
  runtime.committed();
  workChanged(runtime, [{ projectId: job.projectId }]);
  return job.state === "RUNNING" && job.pending > 0;
}

/** How long a run may take to end once it was asked to stop. */
function patienceMs({ cancelGraceMs, leaseMs }: OperationSettings): number {
  return cancelGraceMs + leaseMs + MARGIN_MS;
}
