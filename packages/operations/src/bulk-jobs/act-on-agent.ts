import type { Connection } from "@muster/database/database.ts";
import type { BulkJobOutcome } from "@muster/domain/bulk-job-lifecycle.ts";
import { IllegalTransition, LimitExceeded, NotFound } from "@muster/domain/errors.ts";
import { moveLocked } from "../agents/move-agent.ts";
import { creatorOf, type BulkJob } from "./bulk-job.ts";

/** What has become of an agent in its turn. */
export interface AgentOutcome {
  readonly outcome: BulkJobOutcome;
  readonly message: string | null;
}

/**
 * Asks one agent for the job's action, within the transaction that has locked the job, as the one who asked for it. One
 * transaction an agent: what follows locks tasks and contexts, and no agent may be locked after those.
 */
export async function actOnAgent(transaction: Connection, job: BulkJob, agentId: string): Promise<AgentOutcome> {
  const { action, mode, reason } = job;
  if (!action) throw new TypeError(`The job ${job.id} is not about agents.`);
  try {
    const agent = await moveLocked(transaction, creatorOf(job), { agentId, action, mode, reason, trigger: "operator" });
    return { outcome: agent.pendingAction === null ? "SUCCEEDED" : "STARTED", message: null };
  } catch (error) {
    // All are found out before anything is written.
    if (error instanceof LimitExceeded) return { outcome: "FAILED", message: error.message };
    if (!(error instanceof IllegalTransition || error instanceof NotFound)) throw error;
    return { outcome: "SKIPPED", message: error.message };
  }
}
