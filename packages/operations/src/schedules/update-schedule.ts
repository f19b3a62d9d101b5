import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import type { CatchUpPolicy } from "@muster/domain/catch-up-policy.ts";
import type { Json } from "@muster/domain/json.ts";
import { redactSecrets } from "@muster/domain/redact-secrets.ts";
import { Conflict } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { changesOf } from "../changes.ts";
import { parseInput } from "../input.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import {
  catchUpPolicy,
  cronExpression,
  findAgent,
  scheduleName,
  taskTemplate,
  timeZoneName,
  unlessNameTaken,
} from "./create-schedule.ts";
import { firstCronTime } from "./cron-times.ts";
import { CHANGED, scheduleEvents } from "./schedule-event.ts";
import { lockSchedule, type Schedule, scheduleColumns } from "./schedule.ts";
import { checkTaskTemplate, type TaskTemplate } from "./task-template.ts";

export interface UpdateScheduleInput {
  readonly scheduleId: string;
  readonly name?: string | null | undefined;
  readonly cron?: string | null | undefined;
  readonly timeZone?: string | null | undefined;
  readonly catchUp?: CatchUpPolicy | null | undefined;
  /** The whole new template. */
  readonly task?: TaskTemplate | null | undefined;
  readonly expectedVersion?: number | null | undefined;
}

const UpdateSchedule = z.object({
  scheduleId: z.guid(),
  name: scheduleName.nullish(),
  cron: cronExpression.nullish(),
  timeZone: timeZoneName.nullish(),
  catchUp: catchUpPolicy.nullish(),
  task: taskTemplate.nullish(),
  expectedVersion: z.int().nullish(),
});

// A next time that is given belongs to another expression or time zone.
const updateStatement = statement<Schedule>(`
  with change as (
    select s.id, array_remove(array[
      case when $8::text <> s.name then 'name' end,
      case when $9::text <> s.cron then 'cron' end,
      case when $10::text <> s.time_zone then 'timeZone' end,
      case when $11::text <> s.catch_up then 'catchUp' end,
      case when $12::jsonb <> s.task then 'task' end], null) as changed
    from schedules s where s.id = $7 and ${inReach("s")}
  ),
  updated as (
    update schedules s
    set name = coalesce($8, s.name), cron = coalesce($9, s.cron), time_zone = coalesce($10, s.time_zone),
        catch_up = coalesce($11, s.catch_up), task = coalesce($12, s.task), next_run_at = coalesce($13, s.next_run_at), ${CHANGED}
    from change c where s.id = c.id and cardinality(c.changed) > 0
    returning s.*, c.changed
  ),
  happened as (${scheduleEvents("updated", {
    type: "schedule.updated",
    payload: "jsonb_build_object('changed', changed) || $14::jsonb",
  })}),
  appended as (${appendEvents("happened")})
  select ${scheduleColumns("updated")} from updated`);

/**
 * Changes what is given of a schedule and leaves the rest. With another expression or time zone it goes on from now; times that
 * it had not come to yet are dropped. Throws `NotFound`, `Conflict` when its version is not the expected one, and
 * `InvalidInput` as `createSchedule` does.
 */
export async function updateSchedule(runtime: Runtime, caller: Caller, input: UpdateScheduleInput): Promise<Schedule> {
  caller = authorize(caller, "schedule.manage");
  const given = parseInput(UpdateSchedule, input);
  return unlessNameTaken(given.name, () =>
    writeAll(runtime, async (transaction) => {
      const schedule = await lockSchedule(transaction, caller, given.scheduleId);
      const expected = given.expectedVersion ?? schedule.version;
      if (expected !== schedule.version)
        throw new Conflict("schedule version", String(expected), String(schedule.version));
      const task = given.task ? checkTaskTemplate(given.task, runtime.settings) : null;
      if (task) await findAgent(transaction, schedule.projectId, task);
      const [cron, timeZone] = [given.cron ?? schedule.cron, given.timeZone ?? schedule.timeZone];
      const first = firstCronTime(cron, timeZone, schedule.readAt);
      const moves = schedule.pausedAt === null && (cron !== schedule.cron || timeZone !== schedule.timeZone);
      const [updated] = await transaction.run(updateStatement, [
        ...callerValues(caller),
        schedule.id,
        given.name ?? null,
        given.cron ?? null,
        given.timeZone ?? null,
        given.catchUp ?? null,
        task && JSON.stringify(task),
        moves ? first : null,
        changesOf(withoutSecrets(schedule), withoutSecrets({ ...given, task: task ?? undefined })),
      ]);
      return updated ?? schedule;
    }),
  );
}

/** What can be changed of a schedule, for its event: the task's input is anything. */
function withoutSecrets(
  schedule: Pick<UpdateScheduleInput, "name" | "cron" | "timeZone" | "catchUp"> & { task?: unknown },
) {
  const { name, cron, timeZone, catchUp, task } = schedule;
  return {
    name: name ?? undefined,
    cron: cron ?? undefined,
    timeZone: timeZone ?? undefined,
    catchUp: catchUp ?? undefined,
    task: task === undefined ? undefined : redactSecrets(task as Json),
  };
}
