import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { IllegalTransition, NotFound } from "@muster/domain/errors.ts";
import type { Json } from "@muster/domain/json.ts";
import { allowedActions } from "@muster/domain/lifecycle.ts";
import { taskLifecycle } from "@muster/domain/task-lifecycle.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { json, parseInput } from "../input.ts";
import { newId } from "../new-id.ts";
import { type Runtime, write } from "../runtime.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { ENDED, type Task, taskColumns } from "./task.ts";
import { taskEvents } from "./task-events.ts";
import { readTask } from "./task-queries.ts";

export interface RetryTaskInput {
  readonly taskId: string;
  /** Instead of the first task's input. */
  readonly input?: Json | undefined;
}

const replay = statement<Task>(`
  with created as (
    insert into tasks (id, workspace_id, project_id, kind, queue, capability, target_agent_id, priority, max_failures, timeout_ms,
      backoff_initial_ms, backoff_factor, backoff_max_ms, backoff_jitter, input, concurrency_key, replay_of)
    select $8, workspace_id, project_id, kind, queue, capability, target_agent_id, priority, max_failures, timeout_ms,
      backoff_initial_ms, backoff_factor, backoff_max_ms, backoff_jitter, coalesce($9::jsonb, input), concurrency_key, id
    from tasks t where t.id = $7 and t.state = any(${ENDED}) and ${inReach("t")}
    returning *
  ), new as (
    select c.*, null::text as origin, 'CREATE'::text as action, null::numeric as duration_ms, null::text as reason, null::jsonb as failure
    from created c
  ), happened as (${taskEvents("new")}), appended as (${appendEvents("happened")})
  select ${taskColumns("c")} from created c`);

/**
 * Runs an ended task again, as a new task that is linked to it: history is never rewritten. The new one has the same settings,
 * no deadline and no idempotency key. Throws `IllegalTransition` while the task has not ended, `NotFound`, `InvalidInput`.
 */
export async function retryTask(runtime: Runtime, caller: Caller, input: RetryTaskInput): Promise<Task> {
  authorize(caller, "task.retry");
  const schema = z.object({ taskId: z.guid(), input: json(runtime.settings.maxJsonBytes).optional() });
  const parsed = parseInput(schema, input);
  const replaced = parsed.input === undefined ? null : JSON.stringify(parsed.input);
  const [created] = await write(runtime, replay, [...callerValues(caller), parsed.taskId, newId(), replaced]);
  if (created) return created;
  const task = await readTask(runtime.database, caller, parsed.taskId);
  if (!task) throw new NotFound("task");
  throw new IllegalTransition("task", task.state, "RETRY", allowedActions(taskLifecycle, task.state, "client"));
}
