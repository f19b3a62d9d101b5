import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { Conflict } from "@muster/domain/errors.ts";
import { callerValues } from "../caller-values.ts";
import { newId } from "../new-id.ts";
import { takeTaskRoom } from "../quotas/task-quotas.ts";
import type { OperationSettings } from "../settings.ts";
import { dropGoneAgents, movesStatement, moveValues } from "../tasks/move-tasks.ts";
import { originsOf } from "../tasks/moving-tasks.ts";
import { replayStatement } from "../tasks/replay-tasks.ts";
import { type BulkJob, creatorOf } from "./bulk-job.ts";

/** A task that a job has cancelled, asked to stop, or run again as `newTaskId`. */
export interface ActedTask {
  readonly taskId: string;
  readonly newTaskId: string | null;
}

const MAX_TRIES = 10;

const cancel = movesStatement({ actions: ["CANCEL"], where: "t.id = any($13::uuid[])" });
const cancellable = statement<{ id: string }>(
  `select t.id from tasks t where t.id = any($1::uuid[]) and t.state = any(${originsOf(["CANCEL"])})`,
);
const replay = replayStatement<ActedTask>(`c.replay_of as "taskId", c.id as "newTaskId"`);

/**
 * Does to these tasks what the job is for, within the transaction that has locked the job, as the one who asked for it. Gives
 * those that it was done to; there was nothing to do for the others. Throws `Conflict` when tasks change hands all the time.
 */
export async function actOnTasks(
  transaction: Connection,
  settings: OperationSettings,
  job: BulkJob,
  taskIds: readonly string[],
): Promise<ActedTask[]> {
  const caller = creatorOf(job);
  if (job.kind === "RETRY") {
    const newIds = taskIds.map(() => newId());
    const acted = await transaction.run(replay, [...callerValues(caller), taskIds, newIds, null, true]);
    // A job that was accepted is not refused half-way, but what it creates counts.
    await takeTaskRoom(
      transaction,
      acted.flatMap(({ newTaskId }) => newTaskId ?? []),
      { refuse: false },
    );
    return acted;
  }
  const values = moveValues(settings, caller, { reason: job.reason }, true);
  const acted: ActedTask[] = [];
  let open = taskIds;
  // Tasks that are assigned between the statement's two locks are left alone (their agents have to be locked first): try again.
  for (let tries = 1; open.length > 0; tries += 1) {
    if (tries > MAX_TRIES) throw new Conflict("state", "one that stays", "another each time");
    const moved = await transaction.run(cancel, [...values, open]);
    await dropGoneAgents(transaction, caller, moved);
    acted.push(...moved.map(({ id }) => ({ taskId: id, newTaskId: null })));
    if (moved.length === open.length) break;
    open = (await transaction.run(cancellable, [open])).map(({ id }) => id);
  }
  return acted;
}
