import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, agentRow, eventually, type Worker } from "../../test/workers.ts";
import { updateQueue } from "../queues/update-queue.ts";
import type { Runtime } from "../runtime.ts";
import { claimReady } from "./claim-tasks.ts";
import { completeTask } from "./complete-task.ts";
import { Dispatcher } from "./dispatcher.ts";
import { onWorkChanged, type WorkHint } from "./local-work.ts";
import { startTask } from "./start-task.ts";
import type { OfferedTask } from "./task.ts";

let fixture: Fixture;
let runtime: Runtime;
let dispatcher: Dispatcher;
let stopListening: () => void;
/** How many rounds have looked for work. */
let looks: number;
let given: { readonly agentId: string; readonly task: OfferedTask }[];
/** Happens after a round has looked, before it knows what it saw. */
let afterLook: () => Promise<void>;

/** Hears what this process commits, as in a server, and is never woken by time: what a hint does not say is not found. */
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setInterval"] });
  fixture = await createFixture();
  looks = 0;
  given = [];
  afterLook = async () => {};
  const { database } = fixture;
  runtime = {
    ...fixture.runtime,
    database: {
      ...database,
      async run(statement, values) {
        const rows = await database.run(statement, values);
        if (!statement.text.includes('"readySince"')) return rows;
        looks += 1;
        await afterLook();
        return rows;
      },
    },
  };
  dispatcher = new Dispatcher(runtime, {
    onError: (error) => {
      throw error;
    },
    onAssigned: ({ agentId }, tasks) => given.push(...tasks.map((task) => ({ agentId, task }))),
  });
  stopListening = onWorkChanged(fixture.runtime, (hint) => dispatcher.hear(hint));
});
afterEach(async () => {
  stopListening();
  await dispatcher.close();
  await fixture.close();
  vi.useRealTimers();
});

const settle = () => new Promise((resolve) => setTimeout(resolve, 60));
const held = async ({ id }: Worker) => (await agentRow(fixture, id)).held;

/** Agents that listen, and of which it is known that nothing waits for them. */
async function resting(count: number, maxConcurrency = 1): Promise<Worker[]> {
  const workers = await Promise.all(Array.from({ length: count }, () => addWorker(fixture, { maxConcurrency })));
  for (const worker of workers) dispatcher.add({ ...worker, projectId: fixture.projectId });
  await eventually(() => looks > 0);
  await settle();
  looks = 0;
  return workers;
}

async function start(worker: Worker, { id: taskId, attempt }: OfferedTask): Promise<void> {
  await startTask(fixture.runtime, worker.caller, { taskId, attempt });
}

async function complete(worker: Worker, { id: taskId, attempt }: OfferedTask): Promise<void> {
  await completeTask(fixture.runtime, worker.caller, { taskId, attempt });
}

async function finish(worker: Worker, task: OfferedTask): Promise<void> {
  await start(worker, task);
  await complete(worker, task);
}

describe("what the dispatcher has heard of", () => {
  it("needs no look: a new task for an agent that rests, and that the agent has room again", async () => {
    const [worker] = await resting(1);
    for (let n = 1; n <= 3; n += 1) {
      await addTask(fixture);
      await eventually(() => given.length === n);
      await finish(worker!, given[n - 1]!.task);
    }
    await addTask(fixture);
    await eventually(() => given.length === 4);
    // While it is full: its turn comes with the room.
    await addTask(fixture);
    await settle();
    expect([given.length, looks]).toEqual([4, 0]);
    await finish(worker!, given[3]!.task);
    await eventually(() => given.length === 5);
  });

  it("is looked for where it says too little: behind a limit, or for others", async () => {
    const [worker] = await resting(1);
    const other = await addWorker(fixture, { capabilities: ["paint"] });
    await addTask(fixture, { kind: "paint" });
    dispatcher.add({ ...other, projectId: fixture.projectId });
    await eventually(() => given.length === 1);
    const narrow = { projectId: fixture.projectId, queue: "narrow" };
    await updateQueue(fixture.runtime, fixture.admin, { ...narrow, maxRunning: 1 });
    await addTask(fixture, { queue: "narrow" });
    await eventually(async () => (await held(worker!)) === 1);
    expect(looks).toBeGreaterThan(0);
  });

  it("is not believed against the database: another agent gets what one is not there for any more", async () => {
    const [gone, there] = await resting(2);
    await fixture.database.query(sql`update agents set state = 'MAINTENANCE' where id = ${gone!.id}`);
    for (let n = 1; n <= 3; n += 1) {
      await addTask(fixture);
      await eventually(() => given.length === n);
      await finish(there!, given[n - 1]!.task);
    }
    expect([await held(gone!), new Set(given.map(({ agentId }) => agentId))]).toEqual([0, new Set([there!.id])]);
  });

  it("does not keep from others what they look for in the same round", async () => {
    await resting(1);
    const painter = await addWorker(fixture, { capabilities: ["paint"] });
    stopListening();
    await addTask(fixture, { kind: "paint" });
    const hints: WorkHint[] = [];
    stopListening = onWorkChanged(fixture.runtime, (hint) => hints.push(hint));
    await addTask(fixture);
    dispatcher.hear(hints[0]!);
    expect(await claimReady(runtime, painter.caller, { ...painter, max: 1 })).toHaveLength(1);
    await eventually(() => given.length === 1);
  });

  it("counts once: a task that ends while a round looks leaves its agent with the room that it has", async () => {
    const [worker] = await resting(1, 2);
    await addTask(fixture);
    await eventually(() => given.length === 1);
    await start(worker!, given[0]!.task);
    let ended = false;
    afterLook = async () => {
      if (ended) return;
      ended = true;
      await complete(worker!, given[0]!.task);
    };
    dispatcher.wake(fixture.projectId);
    await eventually(() => ended);
    await settle();
    await addTask(fixture);
    await addTask(fixture);
    await eventually(async () => (await held(worker!)) === 2);
  });

  it("does not hide what was meant for an agent while it was full", async () => {
    const [worker] = await resting(2);
    const forIt = { agentId: worker!.id };
    await addTask(fixture, forIt);
    await eventually(() => given.length === 1);
    await addTask(fixture, forIt);
    // Another one of its kind looks, and rests again.
    await settle();
    dispatcher.wake(fixture.projectId);
    await settle();
    await finish(worker!, given[0]!.task);
    await eventually(() => given.length === 2);
  });

  it("does not hide what an agent had no room for when it was given the rest", async () => {
    const [worker, other] = await Promise.all([1, 2].map(() => addWorker(fixture)));
    for (let n = 0; n < 2; n += 1) await addTask(fixture, { agentId: worker!.id });
    for (const each of [worker!, other!]) dispatcher.add({ ...each, projectId: fixture.projectId });
    await eventually(() => given.length === 1);
    await settle();
    dispatcher.wake(fixture.projectId);
    await settle();
    await finish(worker!, given[0]!.task);
    await eventually(() => given.length === 2);
  });
});

describe("a new task", () => {
  it("is told once, whoever repeats its idempotency key, and as new only when nothing but an agent is missing", async () => {
    const told: string[] = [];
    const stop = onWorkChanged(fixture.runtime, ({ fresh, ready }) => told.push(`${fresh.length} ${ready}`));
    await addTask(fixture, { idempotencyKey: "one" });
    await addTask(fixture, { idempotencyKey: "one" });
    await addTask(fixture, { concurrencyKey: "key" });
    await addTask(fixture, { runAt: new Date(Date.now() + 60_000) });
    stop();
    expect(told).toEqual(["1 false", "0 true", "0 true"]);
  });
});
