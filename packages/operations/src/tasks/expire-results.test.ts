import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { addTask, addWorker, type Worker } from "../../test/workers.ts";
import { cancelTask } from "./cancel-task.ts";
import { claimReady } from "./claim-tasks.ts";
import { completeTask } from "./complete-task.ts";
import { createTasks } from "./create-tasks.ts";
import { expireResults } from "./expire-results.ts";
import { reportProgress } from "./report-progress.ts";
import { retryTask } from "./retry-task.ts";
import { startTask } from "./start-task.ts";
import { getTasks, listTaskChunks } from "./task-queries.ts";

let fixture: Fixture;
let worker: Worker;
beforeAll(async () => {
  fixture = await createFixture();
  worker = await addWorker(fixture, { maxConcurrency: 100 });
});
afterAll(() => fixture.close());

async function finished(resultTtlMs?: number | null): Promise<string> {
  const { id: taskId } = await addTask(fixture, {
    agentId: worker.id,
    ...(resultTtlMs === undefined ? {} : { resultTtlMs }),
  });
  await claimReady(fixture.runtime, worker.caller, { ...worker, max: 1 });
  await startTask(fixture.runtime, worker.caller, { taskId, attempt: 1 });
  for (const chunk of [1, 2]) await reportProgress(fixture.runtime, worker.caller, { taskId, attempt: 1, chunk });
  await completeTask(fixture.runtime, worker.caller, { taskId, attempt: 1, output: { n: 1 } });
  return taskId;
}
const read = async (taskId: string) => (await getTasks(fixture.runtime, fixture.admin, [taskId]))[0]!;
const chunksOf = async (taskId: string) =>
  (await only(listTaskChunks(fixture.runtime, fixture.admin, [taskId], {}))).edges.length;
const age = (taskId: string) =>
  fixture.database.query(
    sql`update tasks set result_expires_at = result_expires_at - interval '1 hour' where id = ${taskId}`,
  );

describe("expireResults", () => {
  it("removes output and chunks when their time is over, and nothing else", async () => {
    const [kept, expired, forever] = [await finished(3_600_000), await finished(3_600_000), await finished()];
    const before = await read(expired);
    expect(before.resultExpiresAt!.getTime() - before.finishedAt!.getTime()).toBe(3_600_000);
    expect((await read(forever)).resultExpiresAt).toBeNull();
    await age(expired);
    await Promise.all([expireResults(fixture.runtime), expireResults(fixture.runtime)]);
    const after = await read(expired);
    expect(after).toEqual({
      ...before,
      output: null,
      resultExpiresAt: null,
      resultExpiredAt: expect.any(Date),
    });
    expect(await chunksOf(expired)).toBe(0);
    for (const taskId of [kept, forever]) {
      expect(await read(taskId)).toMatchObject({ output: { n: 1 }, resultExpiredAt: null });
      expect(await chunksOf(taskId)).toBe(2);
    }
  });

  it("keeps what the task says, else what the installation says", async () => {
    const settings = { ...fixture.runtime.settings, resultTtlMs: 86_400_000 };
    const runtime = { ...fixture.runtime, settings };
    const task = { projectId: fixture.projectId, kind: "build", input: 1 };
    const created = await createTasks(runtime, fixture.admin, {
      tasks: [task, { ...task, resultTtlMs: null }, { ...task, resultTtlMs: 5_000 }],
    });
    expect(created.map((one) => one.task.resultTtlMs && Number(one.task.resultTtlMs))).toEqual([
      86_400_000,
      null,
      5_000,
    ]);
    const [first] = created;
    await cancelTask(runtime, fixture.admin, { taskId: first!.task.id, reason: "no" });
    const ended = await read(first!.task.id);
    expect(ended.resultExpiresAt!.getTime() - ended.finishedAt!.getTime()).toBe(86_400_000);
    const replayed = await retryTask(runtime, fixture.admin, { taskId: first!.task.id });
    expect(Number(replayed.resultTtlMs)).toBe(86_400_000);
    for (const { id: taskId } of [replayed, ...created.slice(1).map((one) => one.task)])
      await cancelTask(runtime, fixture.admin, { taskId, reason: "no" });
  });

  it("takes many tasks with many chunks in several steps", async () => {
    const ids: string[] = [];
    for (let n = 0; n < 12; n += 1) ids.push(await finished(3_600_000));
    for (const id of ids) await age(id);
    // As if each had streamed all it may: five at a time.
    await fixture.database.query(sql`update tasks set chunk_count = 10000 where id = any(${sql.param(ids)}::uuid[])`);
    const removals: number[] = [];
    const { database } = fixture;
    const runtime = {
      ...fixture.runtime,
      database: {
        ...database,
        async run<Row>(statement: never, values: readonly unknown[]) {
          const rows = await database.run<Row>(statement, values);
          removals.push((rows as unknown as { tasks: number }[])[0]!.tasks);
          return rows;
        },
      },
    };
    await expireResults(runtime);
    expect(removals).toEqual([5, 5, 2, 0]);
  });
});

describe("retryTask", () => {
  it("takes another input, priority and time, and keeps the rest", async () => {
    const { id: taskId } = await addTask(fixture, {
      priority: 3,
      labels: { zone: "a" },
      concurrencyKey: "key",
      concurrencyLimit: 4,
      retryRules: [{ errorKind: "lint", retryable: false }],
      timeoutMs: 1_000,
    });
    await cancelTask(fixture.runtime, fixture.admin, { taskId, reason: "no" });
    const same = await retryTask(fixture.runtime, fixture.admin, { taskId });
    expect(same).toMatchObject({
      replayOf: taskId,
      priority: 3,
      requiredLabels: { zone: "a" },
      concurrencyKey: "key",
      concurrencyLimit: 4,
      retryRules: { lint: { retryable: false } },
      timeoutMs: 1_000,
      parkedFor: null,
      state: "QUEUED",
    });
    const runAt = new Date(Date.now() + 60_000);
    const other = await retryTask(fixture.runtime, fixture.admin, { taskId, input: "new", priority: 9, runAt });
    expect(other).toMatchObject({ input: "new", priority: 9, runAt, parkedFor: "TIME", parkedUntil: runAt });
    await expect(retryTask(fixture.runtime, fixture.admin, { taskId, priority: 1_001 })).rejects.toMatchObject({
      issues: [{ path: ["priority"] }],
    });
  });
});
