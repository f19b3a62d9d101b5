import { PERMISSIONS, type Permission } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { addAgent, addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { addSchedule, scheduleEventsOf, scheduleNow } from "../../test/schedules.ts";
import { createSchedule } from "./create-schedule.ts";
import { deleteSchedule } from "./delete-schedule.ts";
import { fireSchedules } from "./fire-schedules.ts";
import { pauseSchedule } from "./pause-schedule.ts";
import { resumeSchedule } from "./resume-schedule.ts";
import { getSchedules, listSchedules, listScheduleTasks } from "./schedule-queries.ts";
import { triggerSchedule } from "./trigger-schedule.ts";
import { updateSchedule } from "./update-schedule.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const build = { kind: "build", input: { n: 1 } };

describe("who may do what with schedules", () => {
  it("asks for the permission, and answers for what is another's as for what is not there", async () => {
    const { runtime, admin, projectId, database } = fixture;
    const { id: scheduleId } = await addSchedule(fixture);
    await triggerSchedule(runtime, admin, { scheduleId });
    const before = await scheduleNow(fixture, scheduleId);
    const other = await addProject(database);
    const stranger = callerOf({ kind: "API_KEY", name: "stranger", reach: other, permissions: new Set(PERMISSIONS) });
    const without = (permission: Permission) =>
      callerOf({
        kind: "API_KEY",
        name: "limited",
        permissions: new Set(PERMISSIONS.filter((one) => one !== permission)),
      });
    const { caller: agent } = await addAgent(fixture, "curious");
    const changes = {
      createSchedule: (caller = admin) =>
        createSchedule(runtime, caller, { projectId, name: "new", cron: "@daily", task: build }),
      updateSchedule: (caller = admin) => updateSchedule(runtime, caller, { scheduleId, name: "new" }),
      pauseSchedule: (caller = admin) => pauseSchedule(runtime, caller, { scheduleId, reason: "x" }),
      resumeSchedule: (caller = admin) => resumeSchedule(runtime, caller, { scheduleId }),
      triggerSchedule: (caller = admin) => triggerSchedule(runtime, caller, { scheduleId }),
      deleteSchedule: (caller = admin) => deleteSchedule(runtime, caller, { scheduleId, reason: "x" }),
    };
    const count = async () =>
      (await database.query(sql`select id from schedules union all select id from tasks`)).length;
    const rows = await count();
    for (const [name, change] of Object.entries(changes)) {
      await expect(change(stranger), name).rejects.toMatchObject({ code: "NOT_FOUND" });
      const forbidden = { code: "FORBIDDEN", permission: "schedule.manage" };
      await expect(change(without("schedule.manage")), name).rejects.toMatchObject(forbidden);
      await expect(change(agent), name).rejects.toMatchObject(forbidden);
    }
    expect(await count()).toBe(rows);
    expect(await scheduleNow(fixture, scheduleId)).toEqual({ ...before, readAt: expect.any(Date) });
    const reads = {
      getSchedules: (caller = admin) => getSchedules(runtime, caller, [scheduleId]),
      listSchedules: async (caller = admin) =>
        (await only(listSchedules(runtime, caller, [projectId], { page: {} }))).edges,
      listScheduleTasks: async (caller = admin) =>
        (await only(listScheduleTasks(runtime, caller, [scheduleId], {}))).edges,
    };
    for (const [name, read] of Object.entries(reads)) {
      expect(await read(), name).not.toEqual([]);
      expect(await read(agent), name).not.toEqual([]);
      expect(await read(stranger), name).toEqual([]);
      await expect(read(without("task.read")), name).rejects.toMatchObject({
        code: "FORBIDDEN",
        permission: "task.read",
      });
    }
  });
});

describe("schedules under everything at once", () => {
  it("never lock each other out, and fire each time once", { timeout: 30_000 }, async () => {
    const { runtime, admin, database } = fixture;
    const own = await addSchedule(fixture, { cron: "* * * * * *", catchUp: "ALL" });
    onTestFinished(async () => void (await deleteSchedule(runtime, admin, { scheduleId: own.id, reason: "done" })));
    const scheduleId = own.id;
    const unexpected: unknown[] = [];
    const end = performance.now() + 4_000;
    const repeat = async (work: () => Promise<unknown>) => {
      while (performance.now() < end) {
        await work().catch((error: unknown) => {
          if ((error as { code: string }).code !== "ILLEGAL_TRANSITION") unexpected.push(error);
        });
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
      }
    };
    await Promise.all([
      repeat(() => fireSchedules(runtime)),
      repeat(() => fireSchedules(runtime)),
      repeat(() => fireSchedules(runtime)),
      repeat(() => pauseSchedule(runtime, admin, { scheduleId, reason: "x" })),
      repeat(() => resumeSchedule(runtime, admin, { scheduleId })),
      repeat(() => resumeSchedule(runtime, admin, { scheduleId })),
      repeat(() => triggerSchedule(runtime, admin, { scheduleId })),
      repeat(() => updateSchedule(runtime, admin, { scheduleId, name: `name ${Math.random()}` })),
    ]);
    expect(unexpected).toEqual([]);
    const twice = await database.query(sql`
      select run_at from tasks where schedule_id = ${scheduleId} and run_at = date_trunc('second', run_at) group by 1 having count(*) > 1`);
    expect(twice).toEqual([]);
    const versions = (await scheduleEventsOf(fixture, scheduleId)).map(({ version }) => version);
    expect(versions.toSorted((a, b) => a - b)).toEqual(versions.map((_, index) => index + 1));
    expect((await scheduleNow(fixture, scheduleId)).version).toBe(versions.length);
  });
});
