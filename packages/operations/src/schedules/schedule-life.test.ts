import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, createFixture, type Fixture, only, removeAgent } from "../../test/fixtures.ts";
import {
  addSchedule,
  firedTimes,
  leaveSince,
  scheduleEventsOf,
  scheduleNow,
  secondsAgo,
} from "../../test/schedules.ts";
import { newId } from "../new-id.ts";
import { deleteSchedule } from "./delete-schedule.ts";
import { fireSchedules } from "./fire-schedules.ts";
import { pauseSchedule } from "./pause-schedule.ts";
import { resumeSchedule } from "./resume-schedule.ts";
import { listSchedules, listScheduleTasks, nextTimes } from "./schedule-queries.ts";
import { triggerSchedule } from "./trigger-schedule.ts";
import { updateSchedule } from "./update-schedule.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const build = { kind: "build", input: { n: 1 } };

describe("pausing a schedule", () => {
  it.each(["NONE", "LAST", "ALL"] as const)("drops what passes meanwhile, also with %s", async (catchUp) => {
    const { runtime, admin } = fixture;
    const { id: scheduleId } = await addSchedule(fixture, { cron: "* * * * * *", catchUp });
    const paused = await pauseSchedule(runtime, admin, { scheduleId, reason: "maintenance" });
    const fired = (await firedTimes(fixture, scheduleId)).length;
    expect(paused).toMatchObject({
      nextRunAt: null,
      pausedAt: expect.any(Date),
      pauseReason: "maintenance",
      version: 2,
    });
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    await fireSchedules(runtime);
    expect(await firedTimes(fixture, scheduleId)).toHaveLength(fired);
    expect(nextTimes(await scheduleNow(fixture, scheduleId), 2)).toHaveLength(2);
    // Changing it does not wake it.
    expect((await updateSchedule(runtime, admin, { scheduleId, cron: "*/2 * * * * *" })).nextRunAt).toBeNull();
    const resumed = await resumeSchedule(runtime, admin, { scheduleId });
    expect(resumed).toMatchObject({ pausedAt: null, pauseReason: null, version: 4 });
    expect(resumed.nextRunAt?.getTime()).toBeGreaterThan(paused.readAt.getTime() + 2_000);
    expect((await scheduleEventsOf(fixture, scheduleId)).map(({ type, reason }) => [type, reason])).toEqual([
      ["schedule.created", null],
      ["schedule.paused", "maintenance"],
      ["schedule.updated", null],
      ["schedule.resumed", null],
    ]);
    await deleteSchedule(runtime, admin, { scheduleId, reason: "done" });
  });

  it("is refused twice, and so is resuming", async () => {
    const { runtime, admin } = fixture;
    const { id: scheduleId } = await addSchedule(fixture);
    await expect(resumeSchedule(runtime, admin, { scheduleId })).rejects.toMatchObject({ allowed: ["PAUSE"] });
    await pauseSchedule(runtime, admin, { scheduleId, reason: "x" });
    await expect(pauseSchedule(runtime, admin, { scheduleId, reason: "x" })).rejects.toMatchObject({
      allowed: ["RESUME"],
    });
  });
});

describe("triggering a schedule", () => {
  it("creates a task now and leaves its times alone, also while it is paused", async () => {
    const { runtime, admin } = fixture;
    const { id: scheduleId, nextRunAt } = await addSchedule(fixture, { task: { ...build, priority: 3 } });
    const task = await triggerSchedule(runtime, admin, { scheduleId, reason: "try it" });
    expect(task).toMatchObject({ kind: "build", input: { n: 1 }, priority: 3, scheduleId, state: "QUEUED" });
    expect(await scheduleNow(fixture, scheduleId)).toMatchObject({ nextRunAt, lastRunAt: null, version: 2 });
    await pauseSchedule(runtime, admin, { scheduleId, reason: "x" });
    await triggerSchedule(runtime, admin, { scheduleId });
    const [event] = await fixture.database.query(
      sql`select type, task_id, actor_name, reason from events where subject_id = ${scheduleId} and subject_version = 2`,
    );
    expect(event).toEqual({ type: "schedule.triggered", task_id: task.id, actor_name: "admin", reason: "try it" });
    const tasks = await only(listScheduleTasks(runtime, admin, [scheduleId], { first: 1 }));
    expect(tasks).toMatchObject({ hasNextPage: true, edges: [{ node: { scheduleId } }] });
    expect(tasks.edges[0]?.node.id).not.toBe(task.id);
    const rest = await only(listScheduleTasks(runtime, admin, [scheduleId], { after: tasks.edges[0]?.cursor }));
    expect(rest.edges.map(({ node }) => node.id)).toEqual([task.id]);
  });

  it("leaves no trace when its template is refused", async () => {
    const { runtime, admin } = fixture;
    const agent = await addAgent(fixture, "leaving");
    const { id: scheduleId } = await addSchedule(fixture, { task: { ...build, agentId: agent.id } });
    await removeAgent(fixture.database, agent.id);
    await expect(triggerSchedule(runtime, admin, { scheduleId })).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await scheduleNow(fixture, scheduleId)).toMatchObject({ version: 1, lastError: null });
    await expect(triggerSchedule(runtime, admin, { scheduleId: newId() })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("a deleted schedule", () => {
  it("fires no more, is in no list, cannot be changed, and is still named by its tasks", async () => {
    const { runtime, admin, projectId } = fixture;
    const { id: scheduleId } = await addSchedule(fixture, { name: "deleted" });
    await triggerSchedule(runtime, admin, { scheduleId });
    await leaveSince(fixture, await secondsAgo(fixture, 5), [scheduleId]);
    const deleted = await deleteSchedule(runtime, admin, { scheduleId, reason: "done" });
    expect(deleted).toMatchObject({ deletedAt: expect.any(Date), nextRunAt: null, version: 3 });
    await fireSchedules(runtime);
    expect(await firedTimes(fixture, scheduleId)).toHaveLength(1);
    expect(nextTimes(await scheduleNow(fixture, scheduleId), 5)).toEqual([]);
    const listed = await only(listSchedules(runtime, admin, [projectId], { filter: { search: "deleted" }, page: {} }));
    expect(listed.edges).toEqual([]);
    for (const change of [
      () => updateSchedule(runtime, admin, { scheduleId, name: "back" }),
      () => pauseSchedule(runtime, admin, { scheduleId, reason: "x" }),
      () => resumeSchedule(runtime, admin, { scheduleId }),
      () => triggerSchedule(runtime, admin, { scheduleId }),
      () => deleteSchedule(runtime, admin, { scheduleId, reason: "x" }),
    ]) {
      await expect(change()).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
  });
});
