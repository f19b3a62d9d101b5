import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { formatId } from "@muster/domain/ids.ts";
import type { TaskState } from "@muster/domain/task-lifecycle.ts";
import type { FailurePolicy } from "@muster/domain/workflow-lifecycle.ts";
import type { Runtime } from "../runtime.ts";
import type { OperationSettings } from "../settings.ts";
import { workChanged } from "../tasks/local-work.ts";
import { committed } from "../tasks/move-tasks.ts";
import { returnBehindKeys } from "../tasks/park-tasks.ts";
import { hasEnded, type MovedTask } from "../tasks/task.ts";
import { applyVerdicts, FOLLOW_UPS } from "../workflows/apply-verdicts.ts";
import { cancelRest } from "../workflows/cancel-rest.ts";
import { MOST_VERDICTS, type Verdict, verdictsOnDependents } from "../workflows/dependency-verdicts.ts";
import { settleWorkflows } from "../workflows/settle-workflows.ts";

const BATCH = 100;
/** So far one look follows those that wait for each other. */
const MOST_LEVELS = 100;

/** A task that was let go of, as it is now. */
interface FollowUp {
  readonly id: string;
  readonly taskId: string;
  readonly projectId: string;
  readonly state: TaskState;
  readonly hasDependents: boolean;
  readonly concurrencyKey: string | null;
  readonly workflowId: string | null;
  readonly onFailure: FailurePolicy | null;
  readonly cancelReason: string | null;
}

const take = statement<FollowUp>(`
  select f.id, t.id as "taskId", t.project_id as "projectId", t.state, t.has_dependents as "hasDependents",
         t.concurrency_key as "concurrencyKey", t.workflow_id as "workflowId", w.on_failure as "onFailure", w.cancel_reason as "cancelReason"
  from task_follow_ups f join tasks t on t.id = f.task_id left join workflows w on w.id = t.workflow_id
  order by f.id limit ${BATCH} for no key update of f skip locked`);

const remove = statement<object>("delete from task_follow_ups f where f.id = any($1::bigint[])");

/** What a look at the follow-ups has done. */
export interface Look {
  /** How many it took up. */
  readonly taken: number;
  /** How many of these have to be taken up again, because what follows from them was locked. */
  readonly left: number;
}

/**
 * Takes up to a hundred tasks that were let go of, and does what others have waited for: puts tasks of the same concurrency
 * key back into their lanes, readies or cancels dependents, cancels the rest of workflows, ends workflows. In one transaction, which sees
 * what was committed with them; any number of replicas may look at once. Waits for no row but those of parked tasks, which it
 * locks first: what is locked is left, and its follow-up stays.
 */
export async function seeToFollowUps(runtime: Runtime): Promise<Look> {
  const { settings } = runtime;
  const moved: MovedTask[] = [];
  const returned: string[] = [];
  const look = await runtime.database.transaction(async (transaction) => {
    const taken = await transaction.run(take, []);
    if (taken.length === 0) return { taken: 0, left: 0 };
    returned.push(...(await freeKeys(transaction, taken)));
    const left = new Set([
      ...(await seeToDependents(transaction, settings, taken, moved)),
      ...(await seeToWorkflows(transaction, settings, taken, moved)),
    ]);
    const done = taken.filter(({ taskId }) => !left.has(taskId));
    await transaction.run(remove, [done.map(({ id }) => id)]);
    return { taken: taken.length, left: taken.length - done.length };
  });
  committed(runtime, moved);
  workChanged(
    runtime,
    returned.map((projectId) => ({ projectId })),
  );
  if (look.taken > 0) runtime.committed();
  return look;
}

/** Gives the projects of the tasks that stand in their lanes again. */
function freeKeys(transaction: Connection, taken: readonly FollowUp[]): Promise<string[]> {
  return returnBehindKeys(
    transaction,
    taken.flatMap(({ projectId, concurrencyKey: key }) => (key === null ? [] : [{ projectId, key }])),
  );
}

/**
 * Gives the tasks whose dependents have to be looked at again. Goes on with those that it cancels, as far as it can in one go: they
 * have follow-ups of their own for the rest.
 */
async function seeToDependents(
  transaction: Connection,
  settings: OperationSettings,
  taken: readonly FollowUp[],
  moved: MovedTask[],
): Promise<string[]> {
  const causes = taken.filter((task) => task.hasDependents && hasEnded(task)).map(({ taskId }) => taskId);
  let left: string[] = [];
  let lost = causes;
  for (let level = 0; level < MOST_LEVELS && lost.length > 0; level += 1) {
    const verdicts = await verdictsOnDependents(transaction, lost);
    const applied = await applyVerdicts(transaction, settings, verdicts);
    moved.push(...applied);
    if (level === 0) left = verdicts.length === MOST_VERDICTS ? causes : causesLeft(verdicts, applied);
    lost = applied.filter(hasEnded).map(({ id }) => id);
  }
  return left;
}

function causesLeft(verdicts: readonly Verdict[], applied: readonly MovedTask[]): string[] {
  const settled = new Set(applied.map(({ id }) => id));
  return verdicts.filter(({ taskId }) => !settled.has(taskId)).flatMap((verdict) => verdict.causes);
}

/** Gives the tasks whose workflows have to be looked at again. */
async function seeToWorkflows(
  transaction: Connection,
  settings: OperationSettings,
  taken: readonly FollowUp[],
  moved: MovedTask[],
): Promise<string[]> {
  const ofWorkflows = Map.groupBy(
    taken.filter((task) => hasEnded(task) || task.cancelReason !== null),
    ({ workflowId }) => workflowId,
  );
  const cancelling: string[] = [];
  for (const [workflowId, tasks] of ofWorkflows) {
    const reason = tasks.map(cancellation).find((found) => found !== null);
    if (workflowId === null || !reason) continue;
    moved.push(...(await cancelRest(transaction, settings, FOLLOW_UPS, workflowId, reason)));
    cancelling.push(workflowId);
  }
  const workflowIds = [...ofWorkflows.keys()].filter((id) => id !== null);
  const left = await settleWorkflows(transaction, workflowIds, cancelling);
  return left.flatMap((id) => ofWorkflows.get(id) ?? []).map(({ taskId }) => taskId);
}

/** Why what has become of this task cancels the rest of its workflow, or null. */
function cancellation({ taskId, state, onFailure, cancelReason }: FollowUp): string | null {
  if (cancelReason !== null) return cancelReason;
  if (onFailure !== "CANCEL_ALL" || state === "SUCCEEDED") return null;
  return `Its workflow ends, because ${formatId("task", taskId)} is ${state}.`;
}
