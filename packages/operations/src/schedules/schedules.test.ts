import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addAgent, addProject, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { addSchedule, leaveSince, scheduleEventsOf, scheduleNow, secondsAgo } from "../../test/schedules.ts";
import { type CreateScheduleInput } from "./create-schedule.ts";
import { deleteSchedule } from "./delete-schedule.ts";
import { pauseSchedule } from "./pause-schedule.ts";
import { listSchedules, nextTimes } from "./schedule-queries.ts";
import { updateSchedule } from "./update-schedule.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const build = { kind: "build", input: { n: 1 } };

describe("creating a schedule", () => {
  it("says when it comes, and the log that it is there", async () => {
    const { id } = await addSchedule(fixture, { name: "nightly", cron: "  30  2 * * * ", timeZone: "Europe/Berlin" });
    const schedule = await scheduleNow(fixture, id);
    expect(schedule).toMatchObject({
      name: "nightly",
      cron: "30 2 * * *",
      timeZone: "Europe/Berlin",
      catchUp: "LAST",
      task: build,
      version: 1,
      pausedAt: null,
      lastRunAt: null,
    });
    const wait = (schedule.nextRunAt?.getTime() ?? 0) - schedule.readAt.getTime();
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(26 * 3_600_000);
    expect(nextTimes(schedule, 3)[0]).toEqual(schedule.nextRunAt);
    expect(nextTimes(schedule, 3)).toHaveLength(3);
    expect(await scheduleEventsOf(fixture, id)).toMatchObject([
      { type: "schedule.created", version: 1, actor: "admin", payload: { name: "nightly", cron: "30 2 * * *" } },
    ]);
  });

  it.each<[string, Partial<CreateScheduleInput> | { task: unknown }, string[]]>([
    ["expression", { cron: "61 * * * *" }, ["cron"]],
    ["expression that never comes", { cron: "0 0 31 2 *" }, ["cron"]],
    ["expression of one moment", { cron: "2030-01-01T00:00:00" }, ["cron"]],
    ["time zone", { timeZone: "Mars/Phobos" }, ["timeZone"]],
    ["policy", { catchUp: "SOME" as never }, ["catchUp"]],
    ["name", { name: "" }, ["name"]],
    ["task", { task: null as never }, ["task"]],
    ["kind", { task: { ...build, kind: "" } }, ["task", "kind"]],
    ["input", { task: { kind: "build" } }, ["task", "input"]],
    ["size of the input", { task: { kind: "build", input: "x".repeat(70_000) } }, ["task", "input"]],
    ["priority", { task: { ...build, priority: 5_000 } }, ["task", "priority"]],
    ["expiry", { task: { ...build, expiresAfterMs: 5 } }, ["task", "expiresAfterMs"]],
  ])("refuses a wrong %s, with its path", async (_what, wrong, path) => {
    await expect(addSchedule(fixture, wrong as Partial<CreateScheduleInput>)).rejects.toMatchObject({
      code: "INVALID_INPUT",
      issues: [{ path }],
    });
  });

  it("takes an agent of its own project only", async () => {
    const other = await addProject(fixture.database);
    const { id: agentId } = await addAgent(fixture, "foreign", "ONLINE", other);
    await expect(addSchedule(fixture, { task: { ...build, agentId } })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const { id } = await addSchedule(fixture);
    await expect(
      updateSchedule(fixture.runtime, fixture.admin, { scheduleId: id, task: { ...build, agentId } }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("takes a name once in a project, until it is deleted", async () => {
    const { runtime, admin } = fixture;
    const { id } = await addSchedule(fixture, { name: "once" });
    const taken = { code: "INVALID_INPUT", issues: [{ path: ["name"] }] };
    await expect(addSchedule(fixture, { name: "once" })).rejects.toMatchObject(taken);
    const other = await addSchedule(fixture, { name: "other" });
    await expect(updateSchedule(runtime, admin, { scheduleId: other.id, name: "once" })).rejects.toMatchObject(taken);
    await deleteSchedule(runtime, admin, { scheduleId: id, reason: "done" });
    await addSchedule(fixture, { name: "once" });
  });

  it("stops at 1,000 in a project, also when many come at once", async () => {
    const { workspaceId, projectId } = await addProject(fixture.database);
    await fixture.database.query(sql`
      insert into schedules (id, workspace_id, project_id, name, cron, time_zone, catch_up, task, deleted_at)
      select gen_random_uuid(), ${workspaceId}, ${projectId}, 's' || i, '@daily', 'UTC', 'LAST', '{}', case when i > 998 then clock_timestamp() end
      from generate_series(1, 1010) i`);
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => addSchedule(fixture, { projectId })));
    const refused = results.filter((result) => result.status === "rejected");
    expect(refused).toHaveLength(4);
    for (const { reason } of refused)
      expect(reason).toMatchObject({ code: "LIMIT_EXCEEDED", limit: "schedules.project" });
  });
});

describe("changing a schedule", () => {
  it("goes on from now with another expression, and leaves the rest", async () => {
    const { runtime, admin } = fixture;
    const { id: scheduleId } = await addSchedule(fixture, { name: "changing" });
    await leaveSince(fixture, await secondsAgo(fixture, 600), [scheduleId]);
    const task = { kind: "build", input: null };
    const updated = await updateSchedule(runtime, admin, {
      scheduleId,
      cron: "0 12 * * *",
      task,
      catchUp: "ALL",
      expectedVersion: 1,
    });
    expect(updated).toMatchObject({
      name: "changing",
      cron: "0 12 * * *",
      timeZone: "UTC",
      catchUp: "ALL",
      task,
      version: 2,
    });
    expect(updated.nextRunAt?.getTime()).toBeGreaterThan(updated.readAt.getTime());
    expect(updated.nextRunAt?.getUTCHours()).toBe(12);
    const [, event] = await scheduleEventsOf(fixture, scheduleId);
    expect(event).toMatchObject({
      type: "schedule.updated",
      version: 2,
      payload: { changed: ["cron", "catchUp", "task"] },
    });
    await expect(updateSchedule(runtime, admin, { scheduleId, name: "x", expectedVersion: 1 })).rejects.toMatchObject({
      code: "CONFLICT",
      expected: "1",
      actual: "2",
    });
    // Nothing that changes: no event.
    expect((await updateSchedule(runtime, admin, { scheduleId, name: "changing" })).version).toBe(2);
    await expect(updateSchedule(runtime, admin, { scheduleId, timeZone: "Nowhere" })).rejects.toMatchObject({
      issues: [{ path: ["timeZone"] }],
    });
  });

  it("is done by one of two who expect the same version", async () => {
    const { runtime, admin } = fixture;
    const { id: scheduleId } = await addSchedule(fixture);
    const results = await Promise.allSettled(
      ["0 1 * * *", "0 2 * * *"].map((cron) =>
        updateSchedule(runtime, admin, { scheduleId, cron, expectedVersion: 1 }),
      ),
    );
    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("the list of schedules", () => {
  it("is by name, in pages, filtered", async () => {
    const { runtime, admin, database } = fixture;
    const { projectId } = await addProject(database);
    for (const name of ["b 50%", "a", "c", "B 50x"]) await addSchedule(fixture, { projectId, name });
    const [c] = (await only(listSchedules(runtime, admin, [projectId], { filter: { search: "c" }, page: {} }))).edges;
    await pauseSchedule(runtime, admin, { scheduleId: c?.node.id ?? "", reason: "x" });
    const names = async (filter: { search?: string; paused?: boolean }) =>
      (await only(listSchedules(runtime, admin, [projectId], { filter, page: {} }))).edges.map(({ node }) => node.name);
    expect((await names({})).toSorted()).toEqual(["B 50x", "a", "b 50%", "c"]);
    expect((await names({ search: "B 5" })).toSorted()).toEqual(["B 50x", "b 50%"]);
    expect(await names({ search: "50%" })).toEqual(["b 50%"]);
    expect(await names({ paused: true })).toEqual(["c"]);
    expect(await names({ paused: false, search: "A" })).toEqual(["a"]);
    const all = await names({});
    const first = await only(listSchedules(runtime, admin, [projectId], { page: { first: 3 } }));
    const last = await only(listSchedules(runtime, admin, [projectId], { page: { after: first.edges[2]?.cursor } }));
    expect([...first.edges, ...last.edges].map(({ node }) => node.name)).toEqual(all);
  });
});
