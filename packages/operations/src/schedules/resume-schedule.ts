import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { IllegalTransition } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { authorize } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { z } from "zod";
import { firstCronTime } from "./cron-times.ts";
import { CHANGED, scheduleEvents } from "./schedule-event.ts";
import { lockSchedule, type Schedule, scheduleColumns } from "./schedule.ts";

const ResumeSchedule = z.object({ scheduleId: z.guid(), reason: text(1_000).nullish() });
export type ResumeScheduleInput = z.input<typeof ResumeSchedule>;

const resumeStatement = statement<Schedule>(`
  with resumed as (
    update schedules s set paused_at = null, pause_reason = null, next_run_at = $9, ${CHANGED}
    where s.id = $7 and ${inReach("s")} and s.paused_at is not null returning s.*
  ),
  happened as (${scheduleEvents("resumed", { type: "schedule.resumed", reason: "$8" })}),
  appended as (${appendEvents("happened")})
  select ${scheduleColumns("resumed")} from resumed`);

/**
 * Goes on from now: times that passed while the schedule was paused get no task, whatever its catch-up policy. Throws `NotFound`, and
 * `IllegalTransition` when it is not paused.
 */
export async function resumeSchedule(runtime: Runtime, caller: Caller, input: ResumeScheduleInput): Promise<Schedule> {
  caller = authorize(caller, "schedule.manage");
  const { scheduleId, reason } = parseInput(ResumeSchedule, input);
  return writeAll(runtime, async (transaction) => {
    const { id, cron, timeZone, readAt } = await lockSchedule(transaction, caller, scheduleId);
    const next = firstCronTime(cron, timeZone, readAt);
    const [resumed] = await transaction.run(resumeStatement, [...callerValues(caller), id, reason ?? null, next]);
    if (!resumed) throw new IllegalTransition("schedule", "ACTIVE", "RESUME", ["PAUSE"]);
    return resumed;
  });
}
