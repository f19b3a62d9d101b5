import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import {
  addSchedule,
  firedTimes,
  leaveSince,
  scheduleEventsOf,
  scheduleNow,
  secondsAgo,
  fireAll,
  until,
} from "../../test/schedules.ts";
import { fireSchedules } from "./fire-schedules.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());
beforeEach(() => fixture.database.query(sql`update schedules set next_run_at = null`));

describe("firing schedules", () => {
  it("creates a task like the template for the time, moves on, and says when to come again", async () => {
    const task = {
      kind: "report",
      input: { deep: ["ä", null, 1.5] },
      queue: "nightly",
      priority: 7,
      maxFailures: 2,
      labels: { zone: "eu" },
      concurrencyKey: "report",
      expiresAfterMs: 60_000,
    };
    const { id } = await addSchedule(fixture, { cron: "0 * * * *", task });
    expect(await fireSchedules(fixture.runtime)).toBeGreaterThan(0);
    const [hour] = [await secondsAgo(fixture, 0)].map(
      (now) => new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000),
    );
    await leaveSince(fixture, hour as Date, [id]);
    const wait = await fireSchedules(fixture.runtime);
    const schedule = await scheduleNow(fixture, id);
    expect(schedule.nextRunAt).toEqual(new Date((hour as Date).getTime() + 3_600_000));
    expect(Math.abs((wait ?? 0) - ((schedule.nextRunAt?.getTime() ?? 0) - schedule.readAt.getTime()))).toBeLessThan(
      5_000,
    );
    expect(schedule).toMatchObject({ lastError: null, version: 1, lastRunAt: expect.any(Date) });
    const [created] = await fixture.database.query<Record<string, unknown>>(sql`
      select kind, input, queue, priority, max_failures, required_labels, concurrency_key, run_at, state, schedule_id, parked_for,
        extract(epoch from deadline - created_at)::float8 as expires_after
      from tasks where schedule_id = ${id}`);
    expect(created).toMatchObject({
      kind: "report",
      input: task.input,
      queue: "nightly",
      priority: 7,
      max_failures: 2,
      required_labels: { zone: "eu" },
      concurrency_key: "report",
      run_at: hour,
      state: "QUEUED",
      parked_for: null,
    });
    expect(created?.expires_after).toBeCloseTo(60, -1);
    const [event] = await fixture.database.query<{ actor_kind: string; actor_name: string }>(
      sql`select e.actor_kind, e.actor_name from events e join tasks t on t.id = e.subject_id where t.schedule_id = ${id}`,
    );
    expect(event).toEqual({ actor_kind: "SYSTEM", actor_name: "scheduler" });
    await fireAll(fixture);
    expect(await firedTimes(fixture, id)).toHaveLength(1);
  });

  it("catches up as each schedule says, and tells what was missed", async () => {
    const since = await secondsAgo(fixture, 150);
    const [none, last, all] = await Promise.all(
      (["NONE", "LAST", "ALL"] as const).map((catchUp) => addSchedule(fixture, { cron: "* * * * * *", catchUp })),
    );
    if (!none || !last || !all) throw new Error("not made");
    await leaveSince(fixture, since, [none.id, last.id, all.id]);
    await fireAll(fixture);
    const [noneTimes, lastTimes, allTimes] = await Promise.all(
      [none, last, all].map(({ id }) => firedTimes(fixture, id)),
    );
    expect(noneTimes?.length).toBeGreaterThanOrEqual(60);
    expect(noneTimes?.length).toBeLessThan(90);
    expect(noneTimes?.[0]?.getTime()).toBeGreaterThanOrEqual(since.getTime() + 90_000);
    expect(lastTimes?.length).toBeLessThan(10);
    expect(lastTimes?.[0]?.getTime()).toBeGreaterThanOrEqual(since.getTime() + 150_000);
    // One for each second, without a gap, and none twice.
    expect(allTimes?.length).toBeGreaterThanOrEqual(151);
    expect(allTimes?.map((time) => (time.getTime() - since.getTime()) / 1_000)).toEqual(
      allTimes?.map((_, index) => index),
    );
    for (const { id } of [none, last]) {
      expect(await scheduleEventsOf(fixture, id)).toMatchObject([
        { type: "schedule.created", version: 1 },
        { type: "schedule.skipped", version: 2, actor: "scheduler", payload: { from: since.toISOString() } },
      ]);
      expect((await scheduleNow(fixture, id)).version).toBe(2);
    }
    expect(await scheduleEventsOf(fixture, all.id)).toHaveLength(1);
  });

  it("gives up all but the latest 10,000 of too many times, and says so", { timeout: 60_000 }, async () => {
    const { id } = await addSchedule(fixture, { cron: "* * * * * *", catchUp: "ALL" });
    const since = await secondsAgo(fixture, 10_500);
    await leaveSince(fixture, since, [id]);
    await fireSchedules(fixture.runtime);
    const [first] = await firedTimes(fixture, id);
    const [, skipped] = await scheduleEventsOf(fixture, id);
    expect(first?.getTime()).toBeGreaterThan(since.getTime() + 499_000);
    expect(skipped).toMatchObject({
      type: "schedule.skipped",
      payload: {
        from: since.toISOString(),
        until: new Date((first?.getTime() ?? 0) - 1_000).toISOString(),
        catchUp: "ALL",
      },
    });
    await fireSchedules(fixture.runtime);
    expect(await firedTimes(fixture, id)).toHaveLength(200);
    expect(await scheduleEventsOf(fixture, id)).toHaveLength(2);
  });

  it("goes by the database's clock, whatever this process thinks the time is", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
    onTestFinished(() => void vi.useRealTimers());
    const schedule = await addSchedule(fixture, { cron: "* * * * * *" });
    const late = (schedule.nextRunAt?.getTime() ?? 0) - schedule.readAt.getTime();
    expect(late).toBeGreaterThan(0);
    expect(late).toBeLessThanOrEqual(1_000);
    expect(await firedTimes(fixture, schedule.id)).toEqual([]);
    await until(async () => {
      await fireSchedules(fixture.runtime);
      return (await firedTimes(fixture, schedule.id)).length > 0;
    });
    const [first] = await firedTimes(fixture, schedule.id);
    expect(first).toEqual(schedule.nextRunAt);
    const [{ early } = { early: -1 }] = await fixture.database.query<{ early: number }>(
      sql`select extract(epoch from created_at - run_at)::float8 as early from tasks where schedule_id = ${schedule.id} limit 1`,
    );
    expect(early).toBeGreaterThanOrEqual(0);
    expect(early).toBeLessThan(10);
    vi.setSystemTime(Date.now() - 7_200_000);
    expect((await addSchedule(fixture, { cron: "* * * * * *" })).nextRunAt?.getTime()).toBeGreaterThan(
      first?.getTime() ?? 0,
    );
  });
});
