import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { openDatabase } from "@muster/database/database.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { addAgent, createFixture, type Fixture, removeAgent } from "../../test/fixtures.ts";
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
import { nextTimes } from "./schedule-queries.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());
beforeEach(() => fixture.database.query(sql`update schedules set next_run_at = null`));

const SCHEDULER = fileURLToPath(new URL("../../test/scheduler-process.ts", import.meta.url));

describe("firing schedules together and in trouble", () => {
  it("fires each time once, however many replicas look at once", async () => {
    const schedules = await Promise.all(
      Array.from({ length: 40 }, () => addSchedule(fixture, { cron: "* * * * *", catchUp: "ALL" })),
    );
    const since = new Date(Math.floor((await secondsAgo(fixture, 300)).getTime() / 60_000) * 60_000);
    await leaveSince(
      fixture,
      since,
      schedules.map(({ id }) => id),
    );
    const others = [1, 2, 3].map(() => openDatabase({ url: fixture.url, connections: 2 }));
    onTestFinished(async () => void (await Promise.all(others.map((other) => other.close()))));
    const replicas = [fixture.runtime, ...others.map((database) => ({ ...fixture.runtime, database }))];
    const end = performance.now() + 1_500;
    await Promise.all(
      replicas.map(async (runtime) => {
        while (performance.now() < end) await fireSchedules(runtime);
      }),
    );
    for (const { id } of schedules) {
      const times = await firedTimes(fixture, id);
      expect(times.length).toBeGreaterThanOrEqual(6);
      expect(times.map((time) => (time.getTime() - since.getTime()) / 60_000)).toEqual(times.map((_, index) => index));
    }
  });

  it(
    "neither loses nor doubles a time when its process is killed in the midst of it",
    { timeout: 60_000 },
    async () => {
      const { id } = await addSchedule(fixture, { cron: "0 0 1 1 *", catchUp: "ALL" });
      const year = new Date(Date.UTC((await secondsAgo(fixture, 0)).getUTCFullYear(), 0, 1));
      await leaveSince(fixture, year, [id]);
      // Held up once its tasks are there and before it has moved on.
      await fixture.database.query(
        sql.raw(`
      create function hold_up() returns trigger language plpgsql as
        $$ begin perform pg_advisory_xact_lock(4711); return new; end $$;
      create trigger hold_up before update on schedules for each row execute function hold_up()`),
      );
      const blocker = openDatabase({ url: fixture.url, connections: 1 });
      onTestFinished(() => blocker.close());
      let child: ReturnType<typeof spawn> | undefined;
      await blocker.transaction(async (transaction) => {
        await transaction.query(sql`select pg_advisory_xact_lock(4711)`);
        child = spawn(process.execPath, [SCHEDULER, fixture.url], { stdio: "inherit" });
        await until(async () => {
          const waiting = await transaction.query(
            sql`select from pg_locks where locktype = 'advisory' and not granted`,
          );
          return waiting.length === 1;
        });
        // Nobody else takes what it has, nor waits for it.
        expect(await fireSchedules(fixture.runtime)).toBeGreaterThan(0);
        expect(await firedTimes(fixture, id)).toEqual([]);
        child.kill("SIGKILL");
        await new Promise((resolve) => child?.once("exit", resolve));
      });
      await fixture.database.query(sql.raw("drop trigger hold_up on schedules; drop function hold_up"));
      await until(async () => {
        await fireSchedules(fixture.runtime);
        return (await firedTimes(fixture, id)).length > 0;
      });
      await fireAll(fixture);
      expect(await firedTimes(fixture, id)).toEqual([year]);
      expect((await scheduleNow(fixture, id)).nextRunAt?.getUTCFullYear()).toBe(year.getUTCFullYear() + 1);
    },
  );

  it("records what cannot be created, goes on at the next time, and holds up no other", async () => {
    const gone = await addAgent(fixture, "gone");
    const broken = await addSchedule(fixture, {
      cron: "* * * * *",
      catchUp: "ALL",
      task: { kind: "build", input: 1, agentId: gone.id },
    });
    const odd = await addSchedule(fixture, { cron: "* * * * *", task: { kind: "poison", input: 1 } });
    const lost = await addSchedule(fixture, { cron: "* * * * *" });
    const old = await addSchedule(fixture, { cron: "* * * * *" });
    const good = await Promise.all([1, 2, 3].map(() => addSchedule(fixture, { cron: "* * * * *" })));
    await removeAgent(fixture.database, gone.id);
    await fixture.database.query(sql`update schedules set time_zone = 'Mars/Phobos' where id = ${lost.id}`);
    await fixture.database.query(sql`update schedules set task = '{"kind": ""}' where id = ${old.id}`);
    await fixture.database.query(sql`alter table tasks add constraint no_poison check (kind <> 'poison')`);
    onTestFinished(async () => void (await fixture.database.query(sql`alter table tasks drop constraint no_poison`)));
    const minute = new Date(Math.floor((await secondsAgo(fixture, 0)).getTime() / 60_000) * 60_000);
    await leaveSince(
      fixture,
      minute,
      [broken, odd, lost, old, ...good].map(({ id }) => id),
    );
    await fireAll(fixture);
    for (const { id } of good) expect((await firedTimes(fixture, id)).length).toBeGreaterThan(0);
    const expected = [
      [broken, "There is no such agent, or it is not yours to see."],
      [odd, "The database refused the task (23514)."],
      [lost, "timeZone: is no time zone. Name one, such as Europe/Berlin or UTC."],
      [old, "kind: must not be empty. (and 1 more)"],
    ] as const;
    for (const [{ id }, error] of expected) {
      const now = await scheduleNow(fixture, id);
      expect(now).toMatchObject({ lastError: error, version: expect.any(Number), lastRunAt: expect.any(Date) });
      if (id === lost.id) expect([now.nextRunAt, nextTimes(now, 1)]).toEqual([null, []]);
      else expect(now.nextRunAt?.getTime()).toBeGreaterThan(minute.getTime());
      const [, failed] = await scheduleEventsOf(fixture, id);
      expect(failed).toMatchObject({
        type: "schedule.failed",
        version: 2,
        actor: "scheduler",
        payload: { error, times: [minute.toISOString()] },
      });
    }
    await fixture.database.query(sql`update schedules set task = '{"kind": "build", "input": 1}' where id = ${old.id}`);
    await leaveSince(fixture, minute, [old.id]);
    await fireAll(fixture);
    expect((await scheduleNow(fixture, old.id)).lastError).toBeNull();
  });

  it("fires a thousand at once in one round of few statements, by the index", { timeout: 60_000 }, async () => {
    const other = await createFixture();
    onTestFinished(() => other.close());
    const [{ minute } = { minute: new Date() }] = await other.database.query<{ minute: Date }>(
      sql`select date_trunc('minute', clock_timestamp()) as minute`,
    );
    await other.database.query(sql`
      insert into schedules (id, workspace_id, project_id, name, cron, time_zone, catch_up, task, next_run_at)
      select gen_random_uuid(), ${other.workspaceId}, ${other.projectId}, 'schedule ' || i, '* * * * *', 'Europe/Berlin', 'LAST',
        jsonb_build_object('kind', 'build', 'input', i), case when i <= 1000 then ${minute.toISOString()}::timestamptz else ${minute.toISOString()}::timestamptz + interval '1 day' end
      from generate_series(1, 20000) i`);
    await other.database.query(sql`analyze schedules`);
    const plan = await other.database.query<{ "QUERY PLAN": string }>(sql`
      explain with present as materialized (select date_trunc('milliseconds', clock_timestamp()) as now)
      select s.* from schedules s where s.next_run_at is not null and s.next_run_at <= (select now from present)
      order by s.next_run_at limit 1000 for no key update of s skip locked`);
    const text = plan.map((row) => row["QUERY PLAN"]).join("\n");
    expect(text).toContain("Index Scan using schedules_next_run_at_index");
    expect(text).toContain("Index Cond: ((next_run_at IS NOT NULL) AND (next_run_at <= ");
    expect(text).not.toMatch(/Sort|Seq Scan on schedules/);
    let statements = 0;
    const { database } = other;
    const counted = {
      ...database,
      run: (...args: Parameters<typeof database.run>) => ((statements += 1), database.run(...args)),
      transaction: ((work) =>
        database.transaction((transaction) =>
          work({
            run: (...args) => ((statements += 1), transaction.run(...args)),
            query: (...args) => ((statements += 1), transaction.query(...args)),
          }),
        )) as typeof database.transaction,
    };
    let rounds = 0;
    while ((await fireSchedules({ ...other.runtime, database: counted as typeof database })) === 0) rounds += 1;
    const [{ count } = { count: 0 }] = await database.query<{ count: number }>(
      sql`select count(distinct schedule_id)::int as count from tasks`,
    );
    expect(count).toBe(1_000);
    // One round does it, unless the next minute begins or the machine is too busy to plan so many in half a second.
    expect(statements).toBeLessThanOrEqual(7 * (rounds + 1));
    expect(rounds).toBeLessThan(10);
  });
});
