import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, agentRow, eventually, type Worker } from "../../test/workers.ts";
import { updateQueue } from "../queues/update-queue.ts";
import type { Runtime } from "../runtime.ts";
import { claimReady } from "./claim-tasks.ts";
import { completeTask } from "./complete-task.ts";
import { createTasks } from "./create-tasks.ts";
import { Dispatcher } from "./dispatcher.ts";
import { startTask } from "./start-task.ts";

let fixture: Fixture;
let dispatcher: Dispatcher;
/** How many agents each round that looked for work asked about. */
let rounds: number[];
/** How many tasks were handed out. */
let given: number;
/** Happens after a round has looked, before it knows what it saw. */
let afterLook: () => Promise<void>;
beforeEach(async () => {
  fixture = await createFixture();
  rounds = [];
  given = 0;
  afterLook = async () => {};
  const { database } = fixture;
  const runtime: Runtime = {
    ...fixture.runtime,
    database: {
      ...database,
      async run(statement, values) {
        const rows = await database.run(statement, values);
        if (!statement.text.includes('"readySince"')) return rows;
        rounds.push((values[0] as readonly string[]).length);
        await afterLook();
        return rows;
      },
    },
  };
  const onError = (error: Error) => {
    throw error;
  };
  dispatcher = new Dispatcher(runtime, { onError, onAssigned: (_, tasks) => (given += tasks.length) });
});
afterEach(async () => {
  await dispatcher.close();
  await fixture.close();
});

const workers = (count: number, maxConcurrency = 1) =>
  Promise.all(Array.from({ length: count }, () => addWorker(fixture, { maxConcurrency })));
const listen = (worker: Worker) => dispatcher.add({ ...worker, projectId: fixture.projectId });
const held = async ({ id }: Worker) => (await agentRow(fixture, id)).held;
/** Long enough for rounds, and shorter than the time after which all agents are looked at anyway. */
const SOON_MS = 700;

/** Runs what the agent holds to its end; no hint is given. */
async function finish(worker: Worker, taskId: string): Promise<void> {
  await startTask(fixture.runtime, worker.caller, { taskId, attempt: 1 });
  await completeTask(fixture.runtime, worker.caller, { taskId, attempt: 1 });
}

describe("rounds of the dispatcher", () => {
  it("ask about one agent when one has room, about few when a task may be ready, and about more while tasks are left", async () => {
    const all = await workers(40);
    for (const worker of all) listen(worker);
    await eventually(async () => rounds.reduce((sum, asked) => sum + asked, 0) >= all.length);
    rounds = [];
    dispatcher.wake(fixture.projectId, [all[7]!.id], false);
    await eventually(async () => rounds.length > 0);
    expect(rounds[0]).toBe(1);
    rounds = [];
    dispatcher.wake(fixture.projectId);
    await eventually(async () => rounds.length > 0);
    expect(rounds[0]).toBeLessThan(10);
    const tasks = Array.from({ length: 30 }, () => ({ projectId: fixture.projectId, kind: "build", input: {} }));
    await createTasks(fixture.runtime, fixture.admin, { tasks });
    const begun = performance.now();
    dispatcher.wake(fixture.projectId);
    await eventually(() => given === 30);
    expect(performance.now() - begun).toBeLessThan(SOON_MS);
  });

  it("miss no task that becomes ready after they have looked", async () => {
    const [worker] = await workers(1);
    let begun = 0;
    afterLook = async () => {
      if (begun > 0) return;
      begun = performance.now();
      await addTask(fixture);
      dispatcher.wake(fixture.projectId);
    };
    listen(worker!);
    await eventually(async () => (await held(worker!)) === 1);
    expect(performance.now() - begun).toBeLessThan(SOON_MS);
  });

  it("give an agent that was full what was meant for it meanwhile", async () => {
    const [worker, other] = await workers(2);
    const first = await addTask(fixture, { agentId: worker!.id });
    await claimReady(fixture.runtime, worker!.caller, { ...worker!, agentId: worker!.id, max: 1 });
    for (const each of [worker!, other!]) listen(each);
    await addTask(fixture, { agentId: worker!.id });
    dispatcher.wake(fixture.projectId, [worker!.id]);
    await eventually(async () => rounds.length > 1);
    await finish(worker!, first.id);
    const begun = performance.now();
    dispatcher.wake(fixture.projectId, [worker!.id], false);
    await eventually(async () => (await held(worker!)) === 1);
    expect(performance.now() - begun).toBeLessThan(SOON_MS);
  });

  it("give an agent what waited for the limit that another one's end has made room in", async () => {
    const [worker, other] = await workers(2);
    const first = await addTask(fixture, { queue: "narrow", agentId: worker!.id });
    await updateQueue(fixture.runtime, fixture.admin, {
      projectId: fixture.projectId,
      queue: "narrow",
      maxRunning: 1,
    });
    await claimReady(fixture.runtime, worker!.caller, { ...worker!, agentId: worker!.id, max: 1 });
    await addTask(fixture, { queue: "narrow" });
    listen(other!);
    await eventually(async () => rounds.length > 0);
    await finish(worker!, first.id);
    const begun = performance.now();
    dispatcher.wake(fixture.projectId, [worker!.id], false);
    await eventually(async () => (await held(other!)) === 1);
    expect(performance.now() - begun).toBeLessThan(SOON_MS);
  });
});
