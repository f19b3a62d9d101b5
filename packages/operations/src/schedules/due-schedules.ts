import { statement } from "@muster/database/statement.ts";
import { appendEvents } from "@muster/events/append.ts";
import { inReach } from "../caller-values.ts";
import { scheduleEvents } from "./schedule-event.ts";
import { CLOCK, type Schedule, scheduleColumns } from "./schedule.ts";

/** Locks the schedules that are due, the longest first, $1 at most, and leaves out those that another server has locked. */
export const lockDueSchedules = statement<Schedule & { now: Date }>(`
  with present as materialized (select ${CLOCK} as now)
  select ${scheduleColumns("s")}, (select now from present) as now from schedules s
  where s.next_run_at is not null and s.next_run_at <= (select now from present)
  order by s.next_run_at limit $1 for no key update of s skip locked`);

/** Milliseconds until the next schedule is due, less than 0 when it is; no row when there is none. */
export const timeToNextSchedule = statement<{ ms: number }>(`
  select extract(epoch from s.next_run_at - clock_timestamp())::float8 * 1000 as ms from schedules s
  where s.next_run_at is not null order by s.next_run_at limit 1`);

/** What became of a schedule that was due, as JSON; times in ISO 8601. */
export interface FiredSchedule {
  readonly id: string;
  readonly nextRunAt: Date | null;
  /** Whether it was to create tasks; otherwise all its times were skipped. */
  readonly fired: boolean;
  readonly error: string | null;
  /** The times for which it created no task because of the error. */
  readonly failed: readonly Date[];
  readonly skipped: { readonly from: Date; readonly until: Date } | null;
}

/** Moves fired schedules on: $1 to $6 are `callerValues`, $7 a JSON list of `FiredSchedule`. */
export const moveSchedulesOn = statement<never>(`
  with fired as (
    select * from jsonb_to_recordset($7::jsonb) as f(
      id uuid, "nextRunAt" timestamptz, fired boolean, error text, failed jsonb, skipped jsonb)
  ),
  moved as (
    update schedules s
    set next_run_at = f."nextRunAt", last_run_at = case when f.fired then clock_timestamp() else s.last_run_at end,
        last_error = case when f.fired then f.error else s.last_error end,
        version = s.version + num_nonnulls(f.skipped, f.error),
        updated_at = case when num_nonnulls(f.skipped, f.error) > 0 then greatest(clock_timestamp(), s.updated_at) else s.updated_at end
    from fired f where s.id = f.id and ${inReach("s")}
    returning s.*, f.error, f.failed, f.skipped
  ),
  happened as (
    ${scheduleEvents("moved", {
      type: "schedule.skipped",
      version: "version - num_nonnulls(error)",
      payload: "skipped || jsonb_build_object('catchUp', catch_up)",
      where: "skipped is not null",
    })}
    union all
    ${scheduleEvents("moved", {
      type: "schedule.failed",
      payload: "jsonb_build_object('error', error, 'times', failed)",
      where: "error is not null",
    })}
  )
  ${appendEvents("happened")}`);
