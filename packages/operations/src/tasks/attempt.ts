import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { Forbidden, LeaseLost, NotFound } from "@muster/domain/errors.ts";
import type { TaskAction } from "@muster/domain/task-lifecycle.ts";
import { z } from "zod";
import { reachOf } from "../authorize.ts";
import type { Runtime } from "../runtime.ts";
import { HELD, type MovedTask, movedTaskColumns } from "./task.ts";

/** Names one run of a task: the attempt is the fence. */
export const Attempt = z.object({ taskId: z.guid(), attempt: z.int().min(1) });

const findAttempt = statement<MovedTask & { held: boolean; done: boolean }>(`
  select ${movedTaskColumns("t")}, t.state = any(${HELD}) as held,
         exists (select from events e
                 where e.task_id = t.id and e.type = 'task.transitioned' and e.payload ->> 'action' = any($3::text[])
                   and (e.payload ->> 'attempt')::int = $2 and e.actor_kind = $4 and e.actor_id is not distinct from $5::uuid) as done
  from tasks t
  where t.id = $1 and ($6::uuid[] is null or t.workspace_id = any($6)) and ($7::uuid[] is null or t.project_id = any($7))`);

/**
 * Finds out why a run could not be moved. Gives the task when the log says that this caller has done just that already (a
 * repeated call); with `whileHeld`, only as long as the run goes on. Throws `NotFound`, `Forbidden` when another agent holds
 * the task, and else `LeaseLost`.
 */
export async function repeatedOrRefused(
  runtime: Runtime,
  caller: Caller,
  { taskId, attempt }: z.output<typeof Attempt>,
  actions: readonly TaskAction[],
  whileHeld = false,
): Promise<MovedTask> {
  const { kind, id } = caller.actor;
  const [found] = await runtime.database.run(findAttempt, [taskId, attempt, actions, kind, id, ...reachOf(caller)]);
  if (!found) throw new NotFound("task");
  const { held, done, ...task } = found;
  const present = held && task.attempt === attempt;
  if (done && (present || !whileHeld)) return task;
  if (present && kind === "AGENT" && task.agentId !== id) throw new Forbidden("agent.act");
  throw new LeaseLost(attempt, task.attempt);
}
