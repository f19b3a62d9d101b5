import type { Connection } from "@muster/database/database.ts";
import { rowColumns } from "@muster/database/row-columns.ts";
import { statement } from "@muster/database/statement.ts";
import { schedules } from "@muster/database/tables/schedules.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { NotFound } from "@muster/domain/errors.ts";
import { reachOf } from "../authorize.ts";
import type { TaskTemplate } from "./task-template.ts";

/** A schedule as its row is, and what the database's clock showed when it was read: in whole milliseconds, never ahead. */
export type Schedule = Omit<typeof schedules.$inferSelect, "task"> & {
  readonly task: TaskTemplate;
  readonly readAt: Date;
};

/** The select list that turns the row `alias` into a `Schedule`. */
export function scheduleColumns(alias: string): string {
  return `${rowColumns(schedules, alias)}, ${CLOCK} as "readAt"`;
}

/** The database's clock as JavaScript can hold it. */
export const CLOCK = "date_trunc('milliseconds', clock_timestamp())";

// Apart, so that the clock is read once the lock is there.
const lockStatement = statement<Schedule>(`
  with locked as materialized (
    select s.* from schedules s where s.id = $1 and s.deleted_at is null
      and ($2::uuid[] is null or s.workspace_id = any($2)) and ($3::uuid[] is null or s.project_id = any($3)) for no key update)
  select ${scheduleColumns("locked")} from locked`);

/**
 * The schedule as it is, locked until the transaction ends, and the clock as it is with the lock. Schedules are locked before
 * tasks. Throws `NotFound` where the caller sees none, and when it is deleted.
 */
export async function lockSchedule(transaction: Connection, caller: Caller, scheduleId: string): Promise<Schedule> {
  const [schedule] = await transaction.run(lockStatement, [scheduleId, ...reachOf(caller)]);
  if (!schedule) throw new NotFound("schedule");
  return schedule;
}
