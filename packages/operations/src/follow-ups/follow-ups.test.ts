import { openDatabase } from "@muster/database/database.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, eventually, eventsOf } from "../../test/workers.ts";
import { followUp, Hands, openFollowUps } from "../../test/workflows.ts";
import { cancelTask } from "../tasks/cancel-task.ts";
import { getTasks } from "../tasks/task-queries.ts";
import { FollowUps } from "./follow-ups.ts";
import { seeToFollowUps } from "./see-to-follow-ups.ts";

let fixture: Fixture;
let hands: Hands;
beforeAll(async () => {
  fixture = await createFixture();
  hands = new Hands(fixture, await addWorker(fixture, { maxConcurrency: 1_000 }));
});
afterAll(() => fixture.close());

const read = async (id: string) => (await getTasks(fixture.runtime, fixture.admin, [id]))[0]!;
const fail = (error: Error) => {
  throw error;
};

describe("the loop of follow-ups", () => {
  it("sees to them when it is woken by an event that says so, and by itself soon", async () => {
    const a = await addTask(fixture);
    const b = await addTask(fixture, { dependsOn: [a.id] });
    const c = await addTask(fixture, { dependsOn: [b.id] });
    const loop = new FollowUps(fixture.runtime, fail);
    try {
      await new Promise((resolve) => setTimeout(resolve, 200));
      await hands.complete(a.id);
      const [, , completed] = (await eventsOf(fixture, a.id)).slice(-3);
      expect(completed?.payload).toMatchObject({ action: "COMPLETE", followUp: true });
      const started = performance.now();
      loop.observe([
        {
          type: "task.transitioned",
          projectId: fixture.projectId,
          agentId: null,
          subjectId: "t",
          subjectVersion: 4,
          payload: completed!.payload,
        },
      ]);
      await eventually(async () => (await read(b.id)).state === "QUEUED");
      expect(performance.now() - started).toBeLessThan(700);
      await hands.complete(b.id);
      await eventually(async () => (await read(c.id)).state === "QUEUED");
    } finally {
      await loop.stop();
    }
  });

  it("a server that dies over them leaves them to the others", async () => {
    const a = await addTask(fixture);
    const b = await addTask(fixture, { dependsOn: [a.id] });
    await hands.complete(a.id);
    const mortal = openDatabase({ url: fixture.url, connections: 1, applicationName: "mortal" });
    let stopped: Promise<unknown> = Promise.resolve();
    await fixture.database.transaction(async (transaction) => {
      // It comes as far as removing them, when all else is done.
      await transaction.query(sql`lock table task_follow_ups in share mode`);
      const dying = seeToFollowUps({ ...fixture.runtime, database: mortal });
      stopped = dying.then(
        () => "survived",
        () => "died",
      );
      await eventually(async () => {
        const [row] = await fixture.database.query<{ waiting: boolean }>(
          sql`select exists (select from pg_stat_activity where application_name = 'mortal' and wait_event_type = 'Lock') as waiting`,
        );
        return row!.waiting;
      });
      await transaction.query(
        sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'mortal'`,
      );
    });
    expect(await stopped).toBe("died");
    await mortal.close();
    expect([(await read(b.id)).state, await openFollowUps(fixture)]).toEqual(["WAITING", 1]);
    await followUp(fixture);
    expect([(await read(b.id)).state, await openFollowUps(fixture)]).toEqual(["QUEUED", 0]);
  });

  it("lets the next task of a concurrency key back into its lane when one ends, also before it ran", async () => {
    const add = () => addTask(fixture, { concurrencyKey: "one at a time" });
    const [first, second, third] = [await add(), await add(), await add()];
    const parked = async () =>
      (await Promise.all([first, second, third].map(({ id }) => read(id)))).map(({ parkedFor }) => parkedFor);
    await hands.start(first.id);
    await fixture.database.query(
      sql`update tasks set parked_for = 'CONCURRENCY_KEY' where id in (${second.id}, ${third.id})`,
    );
    await followUp(fixture);
    expect(await parked()).toEqual([null, "CONCURRENCY_KEY", "CONCURRENCY_KEY"]);
    await hands.complete(first.id);
    await followUp(fixture);
    expect(await parked()).toEqual([null, null, "CONCURRENCY_KEY"]);
    await cancelTask(fixture.runtime, fixture.admin, { taskId: second.id, reason: "not needed" });
    await followUp(fixture);
    expect(await parked()).toEqual([null, null, null]);
    await cancelTask(fixture.runtime, fixture.admin, { taskId: third.id, reason: "not needed" });
  });
});
