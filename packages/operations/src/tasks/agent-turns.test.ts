import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "@muster/database/database.ts";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, type Worker } from "../../test/workers.ts";
import type { Runtime } from "../runtime.ts";
import { HALVES, halfOf, LOCKS_MANY, turnsOf } from "./agent-turns.ts";
import { claim } from "./claim-rounds.ts";
import { createTasks } from "./create-tasks.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

describe("turns of a half", () => {
  it("come one after the other, also after one that failed, and without waiting for the other half's", async () => {
    const turns = turnsOf({ ...fixture.runtime });
    const log: string[] = [];
    const first = Promise.withResolvers<void>();
    const failing = turns.take(0, async () => {
      log.push("first begins");
      await first.promise;
      log.push("first fails");
      throw new Error("no");
    });
    const second = turns.take(0, async () => log.push("second"));
    await turns.take(1, async () => log.push("other half"));
    expect(log).toEqual(["first begins", "other half"]);
    first.resolve();
    await expect(failing).rejects.toThrow("no");
    await second;
    expect(log).toEqual(["first begins", "other half", "first fails", "second"]);
  });

  it("are about as many agents' as the other's", () => {
    const counts = Array.from({ length: HALVES }, () => 0);
    for (let n = 0; n < 1_000; n += 1) counts[halfOf(crypto.randomUUID())]! += 1;
    for (const count of counts) expect(count).toBeGreaterThan(1_000 / HALVES / 2);
  });
});

describe("a round that hands out many tasks", () => {
  it("keeps what one part has handed out when another fails, and hands out the rest in the next", async () => {
    const workers: Worker[] = [];
    while (new Set(workers.map(({ id }) => halfOf(id))).size < HALVES || workers.length < 4)
      workers.push(await addWorker(fixture, { maxConcurrency: LOCKS_MANY }));
    const task = { projectId: fixture.projectId, kind: (await addTask(fixture)).kind, input: {} };
    await createTasks(fixture.runtime, fixture.admin, {
      tasks: Array.from({ length: LOCKS_MANY * 2 - 1 }, () => task),
    });
    let broken = 0;
    const { database } = fixture;
    const breaking: Database = {
      ...database,
      async run(statement, values) {
        if (statement.text.includes("'ASSIGN'::text as action") && (broken += 1) === 1) throw new Error("cut off");
        return database.run(statement, values);
      },
    };
    const runtime: Runtime = { ...fixture.runtime, database: breaking };
    const ask = async () => {
      const answers = await Promise.all(
        workers.map((worker) => claim(runtime, { ...worker, agentId: worker.id, max: 200 })),
      );
      return answers.flatMap(({ tasks }) => tasks.map(({ id }) => id));
    };
    const handed = await ask();
    expect(handed.length).toBeGreaterThan(0);
    expect(handed.length).toBeLessThan(LOCKS_MANY * 2);
    const rest = await ask();
    expect(new Set([...handed, ...rest]).size).toBe(LOCKS_MANY * 2);
    expect(handed.length + rest.length).toBe(LOCKS_MANY * 2);
  });
});
