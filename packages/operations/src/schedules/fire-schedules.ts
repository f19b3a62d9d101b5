import { setImmediate } from "node:timers/promises";
import type { Connection } from "@muster/database/database.ts";
import { systemCaller } from "../authorize.ts";
import { callerValues } from "../caller-values.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { workChanged } from "../tasks/local-work.ts";
import { cronTimes } from "./cron-times.ts";
import { type FiredSchedule, lockDueSchedules, moveSchedulesOn, timeToNextSchedule } from "./due-schedules.ts";
import { type DueTimes, dueTimes } from "./due-times.ts";
import { type DueTask, insertDueTasks } from "./insert-due-tasks.ts";
import type { Schedule } from "./schedule.ts";
import { taskOfTemplate } from "./task-template.ts";

/** How many tasks, and so how many schedules, one round takes. */
const MOST_TASKS = 1_000;
const MOST_TIMES = 100;
/** Expressions cost time: so long a round goes on looking at schedules. */
const PLANNING_MS = 500;
/** So many are looked at before others in this process get their turn. */
const TOGETHER = 20;
const HELD_BY_OTHERS_MS = 100;
const CALLER = systemCaller("scheduler");

/**
 * One round of the scheduler: creates the tasks of the schedules that are due and moves these on, in one transaction; any
 * number of replicas may do so at once. What a schedule cannot create is recorded with it and holds up no other. Resolves
 * with the milliseconds until the next schedule is due, 0 when some still are; null when there is none.
 */
export async function fireSchedules(runtime: Runtime): Promise<number | null> {
  const [waiting] = await runtime.database.run(timeToNextSchedule, []);
  if (!waiting || waiting.ms > 0) return waiting?.ms ?? null;
  const fired = await writeAll(runtime, (transaction) => fireDue(runtime, transaction));
  workChanged(
    runtime,
    fired.map(({ projectId, task }) => ({ projectId, agentId: task.agentId })),
  );
  // Those that are due and that others hold are theirs: they are looked for a moment later.
  if (fired.length === 0) return HELD_BY_OTHERS_MS;
  const [next] = await runtime.database.run(timeToNextSchedule, []);
  return next ? Math.max(0, next.ms) : null;
}

async function fireDue(runtime: Runtime, transaction: Connection): Promise<Schedule[]> {
  const due = await transaction.run(lockDueSchedules, [MOST_TASKS]);
  const limit = Math.max(1, Math.min(MOST_TIMES, Math.floor(MOST_TASKS / Math.max(1, due.length))));
  const until = performance.now() + PLANNING_MS;
  const planned: Plan[] = [];
  for (const schedule of due) {
    if (performance.now() > until) break;
    planned.push(await plan(runtime, schedule, limit));
    if (planned.length % TOGETHER === 0) await setImmediate();
  }
  const refused = await insertDueTasks(
    transaction,
    CALLER,
    planned.flatMap(({ tasks }) => tasks),
  );
  const fired = planned.map(({ schedule: { id }, due: { times, next, skipped }, problem }): FiredSchedule => {
    const error = problem ?? refused.get(id) ?? null;
    return { id, nextRunAt: next, fired: times.length > 0, error, failed: error === null ? [] : times, skipped };
  });
  if (fired.length > 0) await transaction.run(moveSchedulesOn, [...callerValues(CALLER), JSON.stringify(fired)]);
  return planned.map(({ schedule }) => schedule);
}

interface Plan {
  readonly schedule: Schedule;
  readonly due: DueTimes;
  readonly tasks: readonly DueTask[];
  /** Why it cannot have tasks. */
  readonly problem: string | null;
}

async function plan(runtime: Runtime, schedule: Schedule & { now: Date }, limit: number): Promise<Plan> {
  const { id, cron, timeZone, projectId, now } = schedule;
  const nextRunAt = schedule.nextRunAt ?? now;
  // Of an expression or a time zone that this server does not know there is no next time either.
  let due: DueTimes = { times: [nextRunAt], next: null, skipped: null };
  try {
    due = await dueTimes(cronTimes(cron, timeZone), { ...schedule, nextRunAt }, now, limit);
    const task = due.times.length > 0 ? taskOfTemplate(schedule.task, projectId, runtime.settings, now) : null;
    const tasks = task ? due.times.map((runAt) => ({ scheduleId: id, task: { ...task, runAt } })) : [];
    return { schedule, due, tasks, problem: null };
  } catch (error) {
    // Nothing but this schedule was asked for anything, so nothing else is wrong.
    return { schedule, due, tasks: [], problem: (error as Error).message };
  }
}
