import type { Connection } from "@muster/database/database.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { OperationSettings } from "../settings.ts";
import { dropGoneAgents, moveValues, movesStatement } from "../tasks/move-tasks.ts";
import type { MovedTask } from "../tasks/task.ts";
import { MAX_STEPS } from "./workflow.ts";

const cancel = movesStatement({
  actions: ["CANCEL"],
  where: "t.workflow_id = $13",
  batch: { orderBy: "t.id", limit: MAX_STEPS },
});

/**
 * Cancels the tasks of a workflow that have not ended: at once, or, where they run, by asking their agents to stop. Leaves those
 * that another transaction has locked just now. Gives those that it cancelled.
 */
export async function cancelRest(
  transaction: Connection,
  settings: OperationSettings,
  caller: Caller,
  workflowId: string,
  reason: string,
): Promise<MovedTask[]> {
  const moved = await transaction.run(cancel, [...moveValues(settings, caller, { reason }, true), workflowId]);
  await dropGoneAgents(transaction, caller, moved);
  return moved.map(({ agentFired: _, ...task }) => task);
}
