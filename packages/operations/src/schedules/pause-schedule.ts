import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { IllegalTransition } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize } from "../authorize.ts";
import { callerValues, inReach } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { CHANGED, scheduleEvents } from "./schedule-event.ts";
import { lockSchedule, type Schedule, scheduleColumns } from "./schedule.ts";

const PauseSchedule = z.object({ scheduleId: z.guid(), reason: text(1_000) });
export type PauseScheduleInput = z.input<typeof PauseSchedule>;

const pauseStatement = statement<Schedule>(`
  with paused as (
    update schedules s set paused_at = greatest(clock_timestamp(), s.updated_at), pause_reason = $8, next_run_at = null, ${CHANGED}
    where s.id = $7 and ${inReach("s")} and s.paused_at is null returning s.*
  ),
  happened as (${scheduleEvents("paused", { type: "schedule.paused", reason: "$8" })}),
  appended as (${appendEvents("happened")})
  select ${scheduleColumns("paused")} from paused`);

/**
 * Creates no more tasks until the schedule is resumed; those that are there are left alone. Throws `NotFound`, and
 * `IllegalTransition` when it is paused.
 */
export async function pauseSchedule(runtime: Runtime, caller: Caller, input: PauseScheduleInput): Promise<Schedule> {
  caller = authorize(caller, "schedule.manage");
  const { scheduleId, reason } = parseInput(PauseSchedule, input);
  return writeAll(runtime, async (transaction) => {
    const { id } = await lockSchedule(transaction, caller, scheduleId);
    const [paused] = await transaction.run(pauseStatement, [...callerValues(caller), id, reason]);
    if (!paused) throw new IllegalTransition("schedule", "PAUSED", "PAUSE", ["RESUME"]);
    return paused;
  });
}
