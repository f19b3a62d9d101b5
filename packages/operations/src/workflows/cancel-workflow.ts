import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { IllegalTransition, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { committed } from "../tasks/move-tasks.ts";
import type { MovedTask } from "../tasks/task.ts";
import { cancelRest } from "./cancel-rest.ts";
import { workflowEvents } from "./workflow-event.ts";
import { readWorkflow } from "./workflow-queries.ts";
import { type Workflow, workflowColumns } from "./workflow.ts";

const CancelWorkflow = z.object({ workflowId: z.guid(), reason: text(2_000) });
export type CancelWorkflowInput = z.input<typeof CancelWorkflow>;

// The follow-up is for those of its tasks that cannot be cancelled just now, because another transaction has locked them.
const mark = statement<Workflow>(`
  with marked as (
    update workflows w set cancel_reason = $8, version = w.version + 1
    where w.id = $7 and ${inReach("w")} and w.state = 'RUNNING' and w.cancel_reason is null
    returning w.*, greatest(clock_timestamp(), w.state_since) as asked_at
  ),
  followed as (
    insert into task_follow_ups (task_id)
    select t.id from marked m cross join lateral (select t.id from tasks t where t.workflow_id = m.id order by t.id limit 1) t
  ),
  happened as (${workflowEvents("marked", {
    type: "workflow.cancel_requested",
    payload: "'{}'::jsonb",
    reason: "cancel_reason",
    at: "asked_at",
  })}),
  appended as (${appendEvents("happened")})
  select ${workflowColumns("m")} from marked m`);

/**
 * Cancels all tasks of a workflow that have not ended: at once, or, where they run, by asking their agents to stop. The workflow ends
 * as CANCELLED when all of them have, unless they succeed nevertheless. A second time changes nothing. Throws `IllegalTransition` when it
 * has ended, `NotFound`, `InvalidInput`.
 */
export async function cancelWorkflow(runtime: Runtime, caller: Caller, input: CancelWorkflowInput): Promise<Workflow> {
  caller = authorize(caller, "task.cancel");
  const { workflowId, reason } = parseInput(CancelWorkflow, input);
  const moved: MovedTask[] = [];
  const marked = await writeAll(runtime, async (transaction) => {
    const [workflow] = await transaction.run(mark, [...callerValues(caller), workflowId, reason]);
    if (workflow) moved.push(...(await cancelRest(transaction, runtime.settings, caller, workflowId, reason)));
    return workflow;
  });
  committed(runtime, moved);
  const workflow = marked ?? (await readWorkflow(runtime.database, caller, workflowId));
  if (!workflow) throw new NotFound("workflow");
  if (workflow.finishedAt) throw new IllegalTransition("workflow", workflow.state, "CANCEL", []);
  return workflow;
}
