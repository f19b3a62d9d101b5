import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { InvalidInput } from "@muster/domain/errors.ts";
import type { PageArguments } from "@muster/domain/page.ts";
import { sql } from "drizzle-orm";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { withinReach } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { type Pages, PARENT, readPages } from "../page-query.ts";
import type { Runtime } from "../runtime.ts";
import { type Task, taskColumns } from "../tasks/task.ts";
import { cronTimes } from "./cron-times.ts";
import { type Schedule, scheduleColumns } from "./schedule.ts";

const schedulesById = statement<Schedule>(`
  select ${scheduleColumns("s")} from schedules s
  where s.id = any($1::uuid[]) and ($2::uuid[] is null or s.workspace_id = any($2)) and ($3::uuid[] is null or s.project_id = any($3))`);

/** The schedules with these ids that the caller may see, in any order; deleted ones too, because their tasks name them. */
export async function getSchedules(runtime: Runtime, caller: Caller, ids: readonly string[]): Promise<Schedule[]> {
  caller = authorize(caller, "task.read");
  return runtime.database.run(schedulesById, [ids, ...reachOf(caller)]);
}

const ScheduleFilter = z.object({
  /** Part of the name, in any case. */
  search: text(200, 0).nullish(),
  paused: z.boolean().nullish(),
});
export type ScheduleFilter = z.input<typeof ScheduleFilter>;

/** A page of the schedules of each project that match the filter, by name. Deleted ones are left out. */
export async function listSchedules(
  runtime: Runtime,
  caller: Caller,
  projectIds: readonly string[],
  { filter, page }: { filter?: ScheduleFilter | null; page: PageArguments },
): Promise<Pages<Schedule>> {
  caller = authorize(caller, "task.read");
  const { search, paused } = parseInput(ScheduleFilter, filter ?? {});
  const where = [sql`s.project_id = ${PARENT}`, sql`s.deleted_at is null`, withinReach(caller, "s")];
  if (search) where.push(sql`s.name ilike ${`%${search.replaceAll(/[\\%_]/g, "\\$&")}%`}`);
  if (typeof paused === "boolean") where.push(sql`(s.paused_at is not null) = ${paused}`);
  return readPages<Schedule>(
    runtime.database,
    {
      columns: sql.raw(scheduleColumns("s")),
      from: sql`schedules s`,
      where,
      orderBy: [
        { expression: sql`s.name`, type: "text" },
        { expression: sql`s.id`, type: "uuid" },
      ],
      direction: "ASC",
    },
    projectIds,
    page,
  );
}

/** A page of the tasks that each schedule has created, the newest first. */
export async function listScheduleTasks(
  runtime: Runtime,
  caller: Caller,
  scheduleIds: readonly string[],
  page: PageArguments,
): Promise<Pages<Task>> {
  caller = authorize(caller, "task.read");
  return readPages<Task>(
    runtime.database,
    {
      columns: sql.raw(taskColumns("t")),
      from: sql`tasks t`,
      where: [sql`t.schedule_id = ${PARENT}`, withinReach(caller, "t")],
      orderBy: [
        { expression: sql`t.created_at`, type: "timestamptz" },
        { expression: sql`t.id`, type: "uuid" },
      ],
      direction: "DESC",
    },
    scheduleIds,
    page,
  );
}

/**
 * The next times of a schedule's expression after it was read, also while it is paused. None when it is deleted, nor when this
 * server does not know its time zone: `lastError` says that.
 */
export function nextTimes({ cron, timeZone, readAt, deletedAt }: Schedule, count: number): Date[] {
  if (deletedAt !== null) return [];
  try {
    return cronTimes(cron, timeZone).after(readAt, count);
  } catch (error) {
    if (error instanceof InvalidInput) return [];
    throw error;
  }
}
