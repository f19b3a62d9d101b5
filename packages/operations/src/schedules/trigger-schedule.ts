import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { insertTasks, takeRoom } from "../tasks/insert-tasks.ts";
import { workChanged } from "../tasks/local-work.ts";
import type { Task } from "../tasks/task.ts";
import { CHANGED, scheduleEvents } from "./schedule-event.ts";
import { lockSchedule } from "./schedule.ts";
import { taskOfTemplate } from "./task-template.ts";

const TriggerSchedule = z.object({ scheduleId: z.guid(), reason: text(1_000).nullish() });
export type TriggerScheduleInput = z.input<typeof TriggerSchedule>;

const noteTrigger = statement<never>(`
  with triggered as (update schedules s set ${CHANGED} where s.id = $7 and ${inReach("s")} returning s.*),
  happened as (${scheduleEvents("triggered", {
    type: "schedule.triggered",
    reason: "$9",
    taskId: "$8",
  })})
  ${appendEvents("happened")}`);

/**
 * Creates a task of the schedule now, whatever its times, also while it is paused; they stay as they are. Throws `NotFound`,
 * `InvalidInput` when its template is refused by now, and `LimitExceeded`.
 */
export async function triggerSchedule(runtime: Runtime, caller: Caller, input: TriggerScheduleInput): Promise<Task> {
  caller = authorize(caller, "schedule.manage");
  const { scheduleId, reason } = parseInput(TriggerSchedule, input);
  const task = await writeAll(runtime, async (transaction) => {
    const schedule = await lockSchedule(transaction, caller, scheduleId);
    const { projectId, readAt } = schedule;
    const parsed = taskOfTemplate(schedule.task, projectId, runtime.settings, readAt);
    const created = await insertTasks(transaction, caller, [{ position: 0, task: parsed, scheduleId }], () => ["task"]);
    const [result] = created.values();
    if (!result) throw new Error("A task was not created.");
    await transaction.run(noteTrigger, [...callerValues(caller), scheduleId, result.task.id, reason ?? null]);
    await takeRoom(transaction, [result]);
    return result.task;
  });
  workChanged(runtime, [{ projectId: task.projectId, agentId: task.targetAgentId }]);
  return task;
}
