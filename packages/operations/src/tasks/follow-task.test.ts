import { type Caller, within } from "@muster/domain/actor.ts";
import { Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, type Worker } from "../../test/workers.ts";
import { newId } from "../new-id.ts";
import { claimReady } from "./claim-tasks.ts";
import { completeTask } from "./complete-task.ts";
import { followTask } from "./follow-task.ts";
import { reportProgress } from "./report-progress.ts";
import { startTask } from "./start-task.ts";
import type { Task } from "./task.ts";
import { TaskWatch } from "./task-watch.ts";

let fixture: Fixture;
let worker: Worker;
let watch: TaskWatch;

beforeAll(async () => {
  fixture = await createFixture();
  worker = await addWorker(fixture, { maxConcurrency: 100 });
});
beforeEach(() => {
  watch = new TaskWatch(fixture.runtime, () => {});
});
afterEach(() => watch.close());
afterAll(() => fixture.close());

const follow = (taskId: string, caller = fixture.admin) => followTask(fixture.runtime, watch, caller, { taskId });
const create = async () => (await addTask(fixture, { agentId: worker.id })).id;

async function start(taskId: string) {
  await claimReady(fixture.runtime, worker.caller, { ...worker, max: 1 });
  await startTask(fixture.runtime, worker.caller, { taskId, attempt: 1 });
  return { taskId, attempt: 1 };
}
async function next(tasks: AsyncIterator<Task>): Promise<Task> {
  const { value, done } = await tasks.next();
  if (done) throw new Error("It has ended.");
  return value as Task;
}

describe("followTask", () => {
  it("tells the task at once, at each report of progress, and at its end, where it ends", async () => {
    const attempt = await start(await create());
    const tasks = await follow(attempt.taskId);
    expect(await next(tasks)).toMatchObject({ state: "RUNNING", progress: null });
    await reportProgress(fixture.runtime, worker.caller, { ...attempt, progress: 0.5, message: "half" });
    expect(await next(tasks)).toMatchObject({ progress: 0.5, progressMessage: "half" });
    await completeTask(fixture.runtime, worker.caller, { ...attempt, output: { done: true } });
    expect(await next(tasks)).toMatchObject({ state: "SUCCEEDED", output: { done: true } });
    expect(await tasks.next()).toMatchObject({ done: true });
  });

  it("tells of many reports a few times a second, and of the last one always", async () => {
    const attempt = await start(await create());
    const tasks = await follow(attempt.taskId);
    await next(tasks);
    const told: (number | null)[] = [];
    const done = (async () => {
      for await (const { progress } of tasks) {
        told.push(progress);
        if (progress === 1) return;
      }
    })();
    for (let n = 1; n <= 100; n += 1) {
      await reportProgress(fixture.runtime, worker.caller, { ...attempt, progress: n / 100 });
    }
    await done;
    expect(told.length).toBeLessThan(20);
    await completeTask(fixture.runtime, worker.caller, attempt);
  });

  it("tells a task that waits again and again, because what is in its way changes without it", async () => {
    const tasks = await follow((await addTask(fixture, { capability: "nobody has it" })).id);
    const begun = performance.now();
    await next(tasks);
    expect(await next(tasks)).toMatchObject({ state: "QUEUED" });
    expect(performance.now() - begun).toBeGreaterThan(1_900);
    expect(performance.now() - begun).toBeLessThan(4_000);
    // Whoever leaves is let go of, although nothing comes.
    const last = tasks.next();
    await tasks.return?.();
    expect(await last).toMatchObject({ done: true });
  });

  it("tells of no task of another tenant", async () => {
    const taskId = await create();
    const reach = within(newId(), newId());
    const as = (over: object): Caller => ({ ...fixture.admin, actor: { ...fixture.admin.actor, ...over } });
    await expect(follow(taskId, as({ reach }))).rejects.toThrow(NotFound);
    await expect(follow(newId())).rejects.toThrow(NotFound);
    await expect(follow("task")).rejects.toThrow(InvalidInput);
    await expect(follow(taskId, as({ permissions: new Set() }))).rejects.toThrow(Forbidden);
  });
});
