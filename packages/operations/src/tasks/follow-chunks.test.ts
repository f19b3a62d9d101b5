import { InvalidInput, LimitExceeded, NotFound } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { addTask, addWorker, eventually, type Worker } from "../../test/workers.ts";
import { newId } from "../new-id.ts";
import type { Runtime } from "../runtime.ts";
import { claimReady } from "./claim-tasks.ts";
import { completeTask } from "./complete-task.ts";
import { failTask } from "./fail-task.ts";
import { type FollowedChunk, followChunks } from "./follow-chunks.ts";
import { reportProgress } from "./report-progress.ts";
import { startTask } from "./start-task.ts";
import { listTaskChunks } from "./task-queries.ts";
import { TaskWatch } from "./task-watch.ts";

let fixture: Fixture;
let worker: Worker;
/** A process of its own, which is told nothing of what others write. */
let elsewhere: Runtime;
let watch: TaskWatch;
let reads: string[];

beforeAll(async () => {
  fixture = await createFixture();
  worker = await addWorker(fixture, { maxConcurrency: 1_000 });
});
beforeEach(() => {
  reads = [];
  elsewhere = {
    ...fixture.runtime,
    database: {
      ...fixture.database,
      run(statement, values) {
        if (statement.text.includes("from task_chunks")) reads.push(statement.text);
        return fixture.database.run(statement, values);
      },
    },
  };
  watch = new TaskWatch(elsewhere, () => {});
});
afterEach(() => watch.close());
afterAll(() => fixture.close());

async function run(more: object = {}) {
  const { id: taskId } = await addTask(fixture, { agentId: worker.id, ...more });
  await claimReady(fixture.runtime, worker.caller, { ...worker, max: 1 });
  await startTask(fixture.runtime, worker.caller, { taskId, attempt: 1 });
  return { taskId, attempt: 1 };
}
const stream = (runtime: Runtime, task: { taskId: string; attempt: number }, chunk: unknown) =>
  reportProgress(runtime, worker.caller, { ...task, chunk: chunk as never });
const streamMany = async (task: { taskId: string; attempt: number }, count: number) => {
  for (let n = 1; n <= count; n += 1) await stream(fixture.runtime, task, { n });
};
const follow = (taskId: string, after?: number) =>
  followChunks(elsewhere, watch, fixture.admin, { taskId, after: after ?? null });

async function collect(chunks: AsyncIterable<FollowedChunk>): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { number } of chunks) numbers.push(number);
  return numbers;
}
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, n) => n + first);

describe("followChunks", () => {
  it("gives what is there, then what comes, and ends with the task", async () => {
    const task = await run();
    await streamMany(task, 70);
    const numbers = collect(await follow(task.taskId));
    for (let n = 71; n <= 90; n += 1) {
      await stream(fixture.runtime, task, { n });
      if (n % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await completeTask(fixture.runtime, worker.caller, task);
    expect(await numbers).toEqual(upTo(90));
    expect(await collect(await follow(task.taskId))).toEqual(upTo(90));
    expect(await collect(await follow(task.taskId, 88))).toEqual([89, 90]);
    expect(await collect(await follow(task.taskId, 90))).toEqual([]);
    expect(await collect(await follow(task.taskId, 200))).toEqual([]);
  });

  it("goes through all attempts, each chunk with its own", async () => {
    const task = await run({ backoff: { initialMs: 0, factor: 1, maxMs: 0 } });
    const chunks = await follow(task.taskId);
    await stream(fixture.runtime, task, "first");
    await failTask(fixture.runtime, worker.caller, { ...task, message: "no" });
    await eventually(async () => (await claimReady(fixture.runtime, worker.caller, { ...worker, max: 1 })).length > 0);
    const second = { ...task, attempt: 2 };
    await startTask(fixture.runtime, worker.caller, second);
    await stream(fixture.runtime, second, "second");
    await completeTask(fixture.runtime, worker.caller, second);
    const followed: object[] = [];
    for await (const chunk of chunks) followed.push(chunk);
    expect(followed).toMatchObject([
      { number: 1, attempt: 1, chunk: "first", cursor: "1" },
      { number: 2, attempt: 2, chunk: "second", cursor: "2" },
    ]);
  });

  it("hears at once of chunks of its own process, and within a second of others'", async () => {
    const task = await run();
    const chunks = await follow(task.taskId);
    const times: [own: number[], others: number[]] = [[], []];
    for (const [place, runtime] of [elsewhere, fixture.runtime].entries()) {
      for (let n = 0; n < 5; n += 1) {
        const next = chunks.next();
        await new Promise((resolve) => setTimeout(resolve, 30));
        const begun = performance.now();
        await stream(runtime, task, n);
        await next;
        times[place as 0 | 1].push(performance.now() - begun);
      }
    }
    expect(times[0].toSorted((a, b) => a - b)[2]).toBeLessThan(150);
    expect(Math.max(...times[1])).toBeLessThan(1_500);
    await chunks.return?.();
  });

  it("reads a page at a time, and no further than its reader", async () => {
    const task = await run();
    await streamMany(task, 100);
    const chunks = await follow(task.taskId);
    for (let n = 1; n <= 40; n += 1) expect((await chunks.next()).value).toMatchObject({ number: n });
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(reads).toHaveLength(2);
    for (let n = 41; n <= 100; n += 1) expect((await chunks.next()).value).toMatchObject({ number: n });
    const next = chunks.next();
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    // Where there is nothing new it does not look.
    expect(reads).toHaveLength(4);
    await chunks.return?.();
    await next;
  });

  it("ends at once when its reader leaves, also while it waits", async () => {
    const task = await run();
    const chunks = await follow(task.taskId);
    const next = chunks.next();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const begun = performance.now();
    await chunks.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(performance.now() - begun).toBeLessThan(400);
  });

  it("does not end when the process stops, so that nobody takes it for the end of the task", async () => {
    const task = await run();
    const chunks = await follow(task.taskId);
    const next = chunks.next().then(() => "ended");
    await watch.close();
    const later = new Promise((resolve) => setTimeout(() => resolve("waits"), 300));
    expect(await Promise.race([next, later])).toBe("waits");
    await chunks.return?.();
  });

  it("ends when the chunks have been removed", async () => {
    const task = await run();
    await streamMany(task, 3);
    await completeTask(fixture.runtime, worker.caller, task);
    await fixture.database.query(sql`delete from task_chunks where task_id = ${task.taskId}`);
    expect(await collect(await follow(task.taskId))).toEqual([]);
  });

  it("waits an outage out", async () => {
    const task = await run();
    await streamMany(task, 3);
    let failures = 0;
    const failing: Runtime = {
      ...elsewhere,
      database: {
        ...elsewhere.database,
        run(statement, values) {
          if (statement.text.includes("from task_chunks") && failures < 2) {
            failures += 1;
            return Promise.reject(new Error("away"));
          }
          return elsewhere.database.run(statement, values);
        },
      },
    };
    const chunks = await followChunks(failing, watch, fixture.admin, { taskId: task.taskId });
    expect((await chunks.next()).value).toMatchObject({ number: 1 });
    expect(failures).toBe(2);
    await chunks.return?.();
  });

  it("refuses what is missing or wrong", async () => {
    await expect(follow(newId())).rejects.toThrow(NotFound);
    const task = await run();
    await expect(follow(task.taskId, -1)).rejects.toThrow(InvalidInput);
  });
});

describe("reportProgress", () => {
  it("writes what a thousand report at once together, and numbers chunks of one task in their order", async () => {
    const tasks = await Promise.all(Array.from({ length: 200 }, () => addTask(fixture, { agentId: worker.id })));
    await eventually(async () => {
      await claimReady(fixture.runtime, worker.caller, { ...worker, max: 1_000 });
      const [row] = await fixture.database.query<{ left: number }>(
        sql`select count(*)::int as left from tasks where target_agent_id = ${worker.id} and state = 'QUEUED'`,
      );
      return row?.left === 0;
    });
    const runs = tasks.map(({ id: taskId }) => ({ taskId, attempt: 1 }));
    await Promise.all(runs.map((one) => startTask(fixture.runtime, worker.caller, one)));
    const written: string[] = [];
    const { database } = fixture;
    const counting: Runtime = {
      ...fixture.runtime,
      database: {
        ...database,
        run(statement, values) {
          written.push(statement.text);
          return database.run(statement, values);
        },
      },
    };
    const other = await addWorker(fixture);
    const refused = reportProgress(counting, other.caller, { ...runs[0]!, progress: 1 }).catch(
      (error: Error) => error.name,
    );
    const reported = await Promise.all([...runs, ...runs.slice(0, 20)].map((one, n) => stream(counting, one, { n })));
    expect(await refused).toBe("Forbidden");
    expect(reported.map(({ id }) => id)).toEqual([...runs, ...runs.slice(0, 20)].map(({ taskId }) => taskId));
    expect(written.length).toBeLessThan(12);
    const chunks = await only(listTaskChunks(fixture.runtime, fixture.admin, [runs[3]!.taskId], {}));
    expect(chunks.edges.map(({ node }) => [node.number, node.chunk])).toEqual([
      [1, { n: 3 }],
      [2, { n: 203 }],
    ]);
  });

  it("keeps a numbered chunk once, however often it is reported, and while that is under way", async () => {
    const task = await run({ backoff: { initialMs: 0, factor: 1, maxMs: 0 } });
    const other: Runtime = { ...fixture.runtime };
    const report = (attempt: number, chunkSequence: number) =>
      Promise.all(
        [fixture.runtime, other, other, fixture.runtime].map((runtime) =>
          reportProgress(runtime, worker.caller, { taskId: task.taskId, attempt, chunk: chunkSequence, chunkSequence }),
        ),
      );
    for (const sequence of [1, 2, 3, 2, 1]) await report(1, sequence);
    await failTask(fixture.runtime, worker.caller, { ...task, message: "no" });
    await eventually(async () => (await claimReady(fixture.runtime, worker.caller, { ...worker, max: 1 })).length > 0);
    await startTask(fixture.runtime, worker.caller, { ...task, attempt: 2 });
    await report(2, 1);
    await stream(fixture.runtime, { ...task, attempt: 2 }, "no number");
    await report(2, 1);
    const chunks = await only(listTaskChunks(fixture.runtime, fixture.admin, [task.taskId], {}));
    expect(chunks.edges.map(({ node }) => [node.attempt, node.chunk])).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [2, 1],
      [2, "no number"],
    ]);
    await completeTask(fixture.runtime, worker.caller, { ...task, attempt: 2 });
  });

  it("says when a task has streamed all that it may", async () => {
    const task = await run();
    await fixture.database.query(sql`update tasks set chunk_count = 9999 where id = ${task.taskId}`);
    await stream(fixture.runtime, task, "the last one");
    await expect(stream(fixture.runtime, task, "one too many")).rejects.toThrow(LimitExceeded);
    await expect(stream(fixture.runtime, { ...task, attempt: 2 }, "other")).rejects.toMatchObject({
      code: "LEASE_LOST",
    });
    const stale = { ...task, attempt: 2, progress: 1 };
    await expect(reportProgress(fixture.runtime, worker.caller, stale)).rejects.toMatchObject({ code: "LEASE_LOST" });
    expect(await reportProgress(fixture.runtime, worker.caller, { ...task, progress: 1 })).toMatchObject({
      id: task.taskId,
    });
    await expect(stream(fixture.runtime, task, "x".repeat(65_536))).rejects.toThrow(/65536 bytes/);
    await completeTask(fixture.runtime, worker.caller, task);
  });
});
