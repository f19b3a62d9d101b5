import type { Connection } from "@muster/database/database.ts";
import { formatId } from "@muster/domain/ids.ts";
import { systemCaller } from "../authorize.ts";
import type { OperationSettings } from "../settings.ts";
import { moveValues, movesStatement } from "../tasks/move-tasks.ts";
import type { MovedTask } from "../tasks/task.ts";
import { MOST_VERDICTS, type Verdict } from "./dependency-verdicts.ts";

/** Who readies and cancels what waited for other tasks, in events. */
export const FOLLOW_UPS = systemCaller("follow-ups");

// A verdict is final: what it says still holds when the task is locked. Of tasks that wait no agent lets go. What another transaction has locked is left to the next look.
const waiting = { batch: { orderBy: "t.id", limit: MOST_VERDICTS }, release: false };
const ready = movesStatement({ actions: ["READY"], where: "t.id = any($13::uuid[])", ...waiting });
const skip = movesStatement({ actions: ["CANCEL"], where: "t.id = any($13::uuid[])", ...waiting });

/**
 * Readies the tasks that may run, and cancels those that never will, with a reason that names why. Gives those that it moved:
 * the others have moved meanwhile or are locked.
 */
export async function applyVerdicts(
  transaction: Connection,
  settings: OperationSettings,
  verdicts: readonly Verdict[],
): Promise<MovedTask[]> {
  const moved: MovedTask[] = [];
  const move = async (statement: typeof ready, reason: string | null, group: readonly Verdict[]) => {
    const values = [...moveValues(settings, FOLLOW_UPS, { reason }, true), group.map(({ taskId }) => taskId)];
    for (const { agentFired: _, ...task } of await transaction.run(statement, values)) moved.push(task);
  };
  const byReason = Map.groupBy(verdicts, reasonOf);
  for (const [reason, group] of byReason) await move(reason === null ? ready : skip, reason, group);
  return moved;
}

function reasonOf({ ready: mayRun, lostId, lostState }: Verdict): string | null {
  return mayRun ? null : `It can no longer become ready: ${formatId("task", lostId ?? "")} is ${lostState}.`;
}
