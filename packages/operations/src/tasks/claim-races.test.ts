import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectSettled } from "../../test/consistency.ts";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { mostHeldAtOnce } from "../../test/held-at-once.ts";
import { withReplicas } from "../../test/replica.ts";
import { addClaimers, workThrough } from "../../test/work-through.ts";
import { addTask } from "../../test/workers.ts";
import { completeTask } from "./complete-task.ts";
import { startTask } from "./start-task.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

describe("50 claimers", () => {
  it("at ten replicas on one task: exactly one gets it, time and again", async () => {
    const claimers = await addClaimers(fixture);
    await withReplicas(fixture, 10, async (replicas) => {
      for (let round = 0; round < 5; round += 1) {
        const { id: taskId } = await addTask(fixture);
        const claims = claimers.map((worker, index) => replicas[index % 10]!.claim(worker, 1));
        const given = await Promise.all(claims);
        expect(given.flat().map(({ id }) => id)).toEqual([taskId]);
        const holder = claimers[given.findIndex((tasks) => tasks.length > 0)]!;
        const attempt = { taskId, attempt: 1 };
        await startTask(fixture.runtime, holder.caller, attempt);
        await completeTask(fixture.runtime, holder.caller, { ...attempt, output: null });
      }
    });
    await expectSettled(fixture.database);
  });

  it.each([1, 7])(
    "on 200 tasks of a key with %i places: never more at once, and all are done",
    async (places) => {
      const key = `of ${places}`;
      const tasks = Array.from({ length: 200 }, () => ({ concurrencyKey: key, concurrencyLimit: places }));
      const held = sql`select count(*)::int as held from tasks where state in ('ASSIGNED', 'RUNNING', 'CANCELLING') and concurrency_key = ${key}`;
      expect(await workThrough(fixture, tasks, held)).toBeLessThanOrEqual(places);
      const most = (await mostHeldAtOnce(fixture.database, sql`t.concurrency_key`)).get(key);
      expect(most, "the places are used, and no more").toBe(places);
    },
    60_000,
  );
});
