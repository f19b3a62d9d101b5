import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { type Runtime, write } from "../runtime.ts";
import { CHANGED, scheduleEvents } from "./schedule-event.ts";
import { type Schedule, scheduleColumns } from "./schedule.ts";

const DeleteSchedule = z.object({ scheduleId: z.guid(), reason: text(1_000) });
export type DeleteScheduleInput = z.input<typeof DeleteSchedule>;

const deleteStatement = statement<Schedule>(`
  with deleted as (
    update schedules s set deleted_at = greatest(clock_timestamp(), s.updated_at), next_run_at = null, ${CHANGED}
    where s.id = $7 and s.deleted_at is null and ${inReach("s")} returning s.*
  ),
  happened as (${scheduleEvents("deleted", { type: "schedule.deleted", reason: "$8" })}),
  appended as (${appendEvents("happened")})
  select ${scheduleColumns("deleted")} from deleted`);

/**
 * Ends a schedule for good. Its tasks stay and go on naming it, its own name is free again. Throws `NotFound`, also when it is
 * deleted already.
 */
export async function deleteSchedule(runtime: Runtime, caller: Caller, input: DeleteScheduleInput): Promise<Schedule> {
  caller = authorize(caller, "schedule.manage");
  const { scheduleId, reason } = parseInput(DeleteSchedule, input);
  const [deleted] = await write(runtime, deleteStatement, [...callerValues(caller), scheduleId, reason]);
  if (!deleted) throw new NotFound("schedule");
  return deleted;
}
