import type { Connection } from "@muster/database/database.ts";
import { systemCaller } from "../authorize.ts";
import { callerValues } from "../caller-values.ts";
import type { Runtime } from "../runtime.ts";
import type { OperationSettings } from "../settings.ts";
import { workChanged } from "../tasks/local-work.ts";
import { actOnAgent, type AgentOutcome } from "./act-on-agent.ts";
import { actOnTasks } from "./act-on-tasks.ts";
import type { BulkJob } from "./bulk-job.ts";
import { recordAgentOutcomes } from "./record-agent-outcomes.ts";
import { recordTaskOutcomes } from "./record-task-outcomes.ts";
import { jobsWithWork, takeTurn } from "./take-turn.ts";

/** Past the grace period and the time that a server gives agents when it has slept, for its rounds and ours. */
const MARGIN_MS = 2_000;

/** How long an agent may take to finish its tasks. */
const DRAIN_PATIENCE_MS = 60 * 60_000;

/** So many agents have their turn before another job has its own. */
const AGENTS_A_TURN = 25;

const runner = systemCaller("bulk jobs");

/**
 * One round: each job that is not finished has one turn, so that a small one does not wait for a large one. Any number of
 * replicas may do so at once, and one that is killed loses nothing: a turn is one transaction. Gives whether there is more to
 * do at once. A job whose turn fails is told to `onError` and has another one in the next round.
 */
export async function runBulkJobs(runtime: Runtime, onError: (error: Error) => void): Promise<boolean> {
  let more = false;
  for (const job of await runtime.database.run(jobsWithWork, [])) {
    try {
      more = (await takeTurnsOf(runtime, job)) || more;
    } catch (error) {
      onError(error as Error);
    }
  }
  return more;
}

/** A turn of a job about tasks is one batch; about agents, a few batches of one. */
async function takeTurnsOf(runtime: Runtime, { id, kind }: Pick<BulkJob, "id" | "kind">): Promise<boolean> {
  if (kind !== "TRANSITION") return takeTurnOf(runtime, id);
  for (let asked = 0; asked < AGENTS_A_TURN; asked += 1) if (!(await takeTurnOf(runtime, id))) return false;
  return true;
}

async function takeTurnOf(runtime: Runtime, jobId: string): Promise<boolean> {
  const { database, settings } = runtime;
  const job = await database.transaction(async (transaction) => {
    const [taken] = await transaction.run(takeTurn, [jobId]);
    if (!taken) return null;
    const [after] =
      taken.kind === "TRANSITION" ? await askAgents(transaction, taken) : await moveTasks(transaction, settings, taken);
    return after ?? null;
  });
  if (!job) return false;
  runtime.committed();
  workChanged(runtime, [{ projectId: job.projectId }]);
  return job.state === "RUNNING" && job.pending > 0;
}

type Turn = BulkJob & { readonly look: boolean; readonly targetIds: readonly string[] };

async function moveTasks(transaction: Connection, settings: OperationSettings, turn: Turn): Promise<BulkJob[]> {
  const { id, look, targetIds } = turn;
  const acted = await actOnTasks(transaction, settings, turn, targetIds);
  const moved = acted.map(({ taskId }) => taskId);
  const replays = acted.map(({ newTaskId }) => newTaskId);
  const values = [id, targetIds, moved, replays, look, patienceMs(settings)];
  return transaction.run(recordTaskOutcomes, [...callerValues(runner), ...values]);
}

async function askAgents(transaction: Connection, turn: Turn): Promise<BulkJob[]> {
  const { id, look, targetIds } = turn;
  const asked: AgentOutcome[] = [];
  for (const agentId of targetIds) asked.push(await actOnAgent(transaction, turn, agentId));
  const outcomes = asked.map(({ outcome }) => outcome);
  const messages = asked.map(({ message }) => message);
  const values = [id, targetIds, outcomes, messages, look, DRAIN_PATIENCE_MS];
  return transaction.run(recordAgentOutcomes, [...callerValues(runner), ...values]);
}

/** How long a run may take to end once it was asked to stop. */
function patienceMs({ cancelGraceMs, leaseMs }: OperationSettings): number {
  return cancelGraceMs + leaseMs + MARGIN_MS;
}
