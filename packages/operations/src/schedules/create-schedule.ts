import type { Connection } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import type { Caller } from "@muster/domain/actor.ts";
import { CATCH_UP_POLICIES, type CatchUpPolicy } from "@muster/domain/catch-up-policy.ts";
import { InvalidInput, LimitExceeded, NotFound } from "@muster/domain/errors.ts";
import { appendEvents } from "@muster/events/append.ts";
import { z } from "zod";
import { authorize, reachOf } from "../authorize.ts";
import { callerValues } from "../caller-values.ts";
import { parseInput, text } from "../input.ts";
import { newId } from "../new-id.ts";
import { type Runtime, writeAll } from "../runtime.ts";
import { cronTimes, firstCronTime, normalizedCron } from "./cron-times.ts";
import { scheduleEvents } from "./schedule-event.ts";
import { CLOCK, type Schedule, scheduleColumns } from "./schedule.ts";
import { checkTaskTemplate, type TaskTemplate } from "./task-template.ts";

export const scheduleName = text(200);
export const cronExpression = text(200).transform(normalizedCron);
export const timeZoneName = text(100);
export const catchUpPolicy = z.enum(CATCH_UP_POLICIES);
/** Checked apart, by the rules of tasks. */
export const taskTemplate = z.custom<TaskTemplate>((value) => typeof value === "object" && value !== null);

export interface CreateScheduleInput {
  readonly projectId: string;
  readonly name: string;
  readonly cron: string;
  /** An IANA name; UTC without it. */
  readonly timeZone?: string | null | undefined;
  /** LAST without it. */
  readonly catchUp?: CatchUpPolicy | null | undefined;
  readonly task: TaskTemplate;
}

const CreateSchedule = z.object({
  projectId: z.guid(),
  name: scheduleName,
  cron: cronExpression,
  timeZone: timeZoneName.nullish(),
  catchUp: catchUpPolicy.nullish(),
  task: taskTemplate,
});

const MOST_SCHEDULES = 1_000;
const UNIQUE_VIOLATION = "23505";

// The lock keeps two that are made at once from both being the last that there is room for.
const lockProject = statement<object>(`
  select from projects p where p.id = $1 and ($2::uuid[] is null or p.workspace_id = any($2)) and ($3::uuid[] is null or p.id = any($3))
  for no key update`);

const countSchedules = statement<{ count: number; now: Date }>(
  `select count(*)::int as count, ${CLOCK} as now from schedules s where s.project_id = $1 and s.deleted_at is null`,
);

const insertSchedule = statement<Schedule>(`
  with created as (
    insert into schedules (id, workspace_id, project_id, name, cron, time_zone, catch_up, task, next_run_at)
    select $7, p.workspace_id, p.id, $9, $10, $11, $12, $13, $14 from projects p
    where p.id = $8 and ($5::uuid[] is null or p.workspace_id = any($5)) and ($6::uuid[] is null or p.id = any($6))
    returning *
  ),
  happened as (${scheduleEvents("created", {
    type: "schedule.created",
    payload: "jsonb_build_object('cron', cron, 'timeZone', time_zone)",
  })}),
  appended as (${appendEvents("happened")})
  select ${scheduleColumns("created")} from created`);

/**
 * Makes a schedule, which creates a task at each time of its expression from now on. Throws `NotFound` for a project or an agent that is not there,
 * `LimitExceeded` when the project has 1,000 schedules, and `InvalidInput` for an expression or time zone that is none or gives no time,
 * for a task that could not be created, and for a name that is taken.
 */
export async function createSchedule(runtime: Runtime, caller: Caller, input: CreateScheduleInput): Promise<Schedule> {
  caller = authorize(caller, "schedule.manage");
  const given = parseInput(CreateSchedule, input);
  const timeZone = given.timeZone ?? "UTC";
  cronTimes(given.cron, timeZone);
  const task = checkTaskTemplate(given.task, runtime.settings);
  return unlessNameTaken(given.name, () =>
    writeAll(runtime, async (transaction) => {
      const [project] = await transaction.run(lockProject, [given.projectId, ...reachOf(caller)]);
      if (!project) throw new NotFound("project");
      const [present] = await transaction.run(countSchedules, [given.projectId]);
      if (!present || present.count >= MOST_SCHEDULES) {
        throw new LimitExceeded("schedules.project", `The project has ${MOST_SCHEDULES} schedules. Delete one first.`);
      }
      await findAgent(transaction, given.projectId, task);
      const [created] = await transaction.run(insertSchedule, [
        ...callerValues(caller),
        newId(),
        given.projectId,
        given.name,
        given.cron,
        timeZone,
        given.catchUp ?? "LAST",
        JSON.stringify(task),
        firstCronTime(given.cron, timeZone, present.now),
      ]);
      if (!created) throw new NotFound("project");
      return created;
    }),
  );
}

const agentOfProject = statement<object>("select from agents a where a.id = $1 and a.project_id = $2");

/** Throws `NotFound` when the agent that a template names is not in its project. */
export async function findAgent(connection: Connection, projectId: string, { agentId }: TaskTemplate): Promise<void> {
  if (!agentId) return;
  const [agent] = await connection.run(agentOfProject, [agentId, projectId]);
  if (!agent) throw new NotFound("agent");
}

/** Answers `InvalidInput` when another schedule of the project has the name. */
export async function unlessNameTaken<Result>(
  name: string | null | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!name || (error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
    throw new InvalidInput([{ path: ["name"], message: `is taken: the project has a schedule named ${name}.` }]);
  }
}
