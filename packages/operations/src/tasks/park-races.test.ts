import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectSettled } from "../../test/consistency.ts";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, type Worker } from "../../test/workers.ts";
import { seeToFollowUps } from "../follow-ups/see-to-follow-ups.ts";
import { claimReady } from "./claim-tasks.ts";
import { createTasks } from "./create-tasks.ts";
import { completeTask } from "./complete-task.ts";
import { parkBehindKeys } from "./park-tasks.ts";
import { startTask } from "./start-task.ts";

let fixture: Fixture;
let keys = 0;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const claim = (worker: Worker, max = 10) => claimReady(fixture.runtime, worker.caller, { ...worker, max });
const followUp = async () => {
  while ((await seeToFollowUps(fixture.runtime)).taken > 0);
};

/** One task of a key that runs, and others that wait for it. */
async function setUp(others: number, worker?: Worker) {
  const concurrencyKey = `key ${++keys}`;
  const holder = worker ?? (await addWorker(fixture, { maxConcurrency: 10 }));
  const running = await addTask(fixture, { concurrencyKey });
  const [task] = await claim(holder, 1);
  expect(task?.id).toBe(running.id);
  const attempt = { taskId: running.id, attempt: 1 };
  await startTask(fixture.runtime, holder.caller, attempt);
  const waiting = [];
  for (let n = 0; n < others; n += 1) waiting.push(await addTask(fixture, { concurrencyKey }));
  const end = async () => {
    await completeTask(fixture.runtime, holder.caller, { ...attempt, output: null });
    await followUp();
  };
  return { concurrencyKey, holder, waiting, end };
}

describe("a task that waits for its concurrency key", () => {
  it("is found when the key is let go of while it is being parked, also when nobody looks at once", async () => {
    const { holder, waiting, end } = await setUp(1);
    await fixture.database.transaction(async (transaction) => {
      // As if the process that parks it stood still before it commits, and died after that.
      expect(await parkBehindKeys(transaction, waiting)).toBe(1);
      await end();
    });
    await followUp();
    expect((await claim(holder)).map(({ id }) => id)).toEqual([waiting[0]!.id]);
    await completeAll(holder);
  });

  it("is found when the first in line is locked by someone who leaves it as it is", async () => {
    const { holder, waiting, end } = await setUp(1);
    expect(await claim(holder)).toEqual([]);
    const undone = new Error("undone");
    let ending: Promise<void> | undefined;
    const work = fixture.database.transaction(async (transaction) => {
      await transaction.query(sql`update tasks set cancel_reason = 'stop' where id = ${waiting[0]!.id}`);
      ending = end();
      await new Promise((resolve) => setTimeout(resolve, 300));
      throw undone;
    });
    await expect(work).rejects.toBe(undone);
    await ending;
    expect((await claim(holder)).map(({ id }) => id)).toEqual([waiting[0]!.id]);
    await completeAll(holder);
  });

  it("is not held up by one before it that no agent takes", async () => {
    const { concurrencyKey, holder, waiting, end } = await setUp(1);
    const away = await addWorker(fixture, { state: "OFFLINE" });
    await addTask(fixture, { concurrencyKey, agentId: away.id, priority: 9 });
    await addTask(fixture, { concurrencyKey, queue: "elsewhere", capability: "nobody", priority: 9 });
    expect(await claim(holder)).toEqual([]);
    await fixture.database.query(
      sql`update tasks set parked_for = 'CONCURRENCY_KEY' where concurrency_key = ${concurrencyKey} and state = 'QUEUED'`,
    );
    await end();
    expect((await claim(holder)).map(({ id }) => id)).toEqual([waiting[0]!.id]);
    await completeAll(holder);
  });

  it("does not hide what stands behind it: a claim for one task gets the first that can run", async () => {
    const { concurrencyKey, holder, end } = await setUp(0);
    const input = { projectId: fixture.projectId, kind: "build", input: {}, priority: 9, concurrencyKey };
    await createTasks(fixture.runtime, fixture.admin, { tasks: Array.from({ length: 150 }, () => input) });
    const behind = await addTask(fixture);
    expect((await claim(holder, 1)).map(({ id }) => id)).toEqual([behind.id]);
    await end();
    await fixture.database.query(sql`update tasks set deadline = clock_timestamp() where priority = 9`);
    await completeAll(holder);
  });

  /** Lets go of what the holder got, and then nothing of these keys may wait for nobody. */
  async function completeAll(holder: Worker): Promise<void> {
    const held = await fixture.database.query<{ id: string; attempt: number }>(
      sql`select id, attempt from tasks where agent_id = ${holder.id} and state = 'ASSIGNED'`,
    );
    for (const { id: taskId, attempt } of held) {
      await startTask(fixture.runtime, holder.caller, { taskId, attempt });
      await completeTask(fixture.runtime, holder.caller, { taskId, attempt, output: null });
    }
    await followUp();
    await expectSettled(fixture.database);
  }
});
