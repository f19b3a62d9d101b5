import { sql } from "drizzle-orm";
import { createSchedule, type CreateScheduleInput } from "../src/schedules/create-schedule.ts";
import { fireSchedules } from "../src/schedules/fire-schedules.ts";
import { getSchedules } from "../src/schedules/schedule-queries.ts";
import type { Schedule } from "../src/schedules/schedule.ts";
import type { Fixture } from "./fixtures.ts";

/** A schedule that is due each midnight of UTC, so that nothing comes by itself in a test. */
export async function addSchedule(fixture: Fixture, input: Partial<CreateScheduleInput> = {}): Promise<Schedule> {
  return createSchedule(fixture.runtime, fixture.admin, {
    projectId: fixture.projectId,
    name: `schedule ${Math.random()}`,
    cron: "0 0 * * *",
    task: { kind: "build", input: { n: 1 } },
    ...input,
  });
}

/** The database's time, in whole seconds, so many seconds ago. */
export async function secondsAgo(fixture: Fixture, seconds: number): Promise<Date> {
  const [row] = await fixture.database.query<{ at: Date }>(
    sql`select date_trunc('second', clock_timestamp()) - ${seconds} * interval '1 second' as at`,
  );
  if (!row) throw new Error("no time");
  return row.at;
}

/** As if nobody had come to the schedules since then. */
export async function leaveSince(fixture: Fixture, at: Date, ids: readonly string[]): Promise<void> {
  await fixture.database.query(
    sql`update schedules set next_run_at = ${at.toISOString()}, last_run_at = null where id = any(${sql.param([...ids])}::uuid[])`,
  );
}

export async function scheduleNow(fixture: Fixture, id: string): Promise<Schedule> {
  const [schedule] = await getSchedules(fixture.runtime, fixture.admin, [id]);
  if (!schedule) throw new Error("no such schedule");
  return schedule;
}

/** The times that its tasks are for, the oldest first. */
export async function firedTimes(fixture: Fixture, id: string): Promise<Date[]> {
  const rows = await fixture.database.query<{ runAt: Date }>(
    sql`select run_at as "runAt" from tasks where schedule_id = ${id} order by run_at, id`,
  );
  return rows.map(({ runAt }) => runAt);
}

export interface ScheduleEventRow {
  readonly type: string;
  readonly version: number;
  readonly actor: string;
  readonly reason: string | null;
  readonly payload: Record<string, unknown>;
}

export async function scheduleEventsOf(fixture: Fixture, id: string): Promise<ScheduleEventRow[]> {
  return fixture.database.query<ScheduleEventRow>(sql`
    select type, subject_version as version, actor_name as actor, reason, payload from events where subject_id = ${id} order by id`);
}

/** Fires until nothing is due. */
export async function fireAll({ runtime }: Fixture): Promise<void> {
  for (let round = 0; round < 200 && (await fireSchedules(runtime)) === 0; round += 1);
}

/** Waits until it holds, for 20 s at most. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error("It did not happen in time.");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
