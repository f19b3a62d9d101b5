import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, agentRow, eventually, type Worker } from "../../test/workers.ts";
import { createTasks } from "./create-tasks.ts";
import { Dispatcher } from "./dispatcher.ts";

let fixture: Fixture;
let dispatcher: Dispatcher;
let assigned: string[];
beforeEach(async () => {
  fixture = await createFixture();
  assigned = [];
  dispatcher = new Dispatcher(fixture.runtime, {
    onError: (error) => {
      throw error;
    },
    onAssigned: (inbox) => assigned.push(inbox.agentId),
  });
});
afterEach(async () => {
  await dispatcher.close();
  await fixture.close();
});

const listen = (worker: Worker) => dispatcher.add({ ...worker, projectId: fixture.projectId });
const held = async (workers: readonly Worker[]) =>
  Promise.all(workers.map(async ({ id }) => (await agentRow(fixture, id)).held));
const workers = (count: number, maxConcurrency = 1) =>
  Promise.all(Array.from({ length: count }, () => addWorker(fixture, { maxConcurrency })));
const addTasks = (count: number) =>
  createTasks(fixture.runtime, fixture.admin, {
    tasks: Array.from({ length: count }, (_, n) => ({ projectId: fixture.projectId, kind: "build", input: n })),
  });

describe("the dispatcher", () => {
  it("gives what is queued to an agent that begins to listen", async () => {
    const [worker] = await workers(1, 3);
    await addTasks(5);
    listen(worker!);
    await eventually(async () => (await held([worker!]))[0] === 3);
    expect(new Set(assigned)).toEqual(new Set([worker!.id]));
  });

  it("gives nothing to an agent that stopped listening while its round was reading", async () => {
    const [worker] = await workers(1);
    await addTasks(1);
    const { database } = fixture.runtime;
    let leave = () => {};
    const leaving = new Dispatcher(
      {
        ...fixture.runtime,
        database: {
          ...database,
          async run(statement, values) {
            const rows = await database.run(statement, values);
            leave();
            return rows;
          },
        },
      },
      { onError: (error) => expect.fail(error.message), onAssigned: ({ agentId }) => assigned.push(agentId) },
    );
    leave = leaving.add({ ...worker!, projectId: fixture.projectId });
    await leaving.close();
    expect([assigned, await held([worker!])]).toEqual([[], [0]]);
  });

  it("gives a task to the least loaded agent, and few tasks to several", async () => {
    const all = await workers(6, 10);
    await fixture.database.query(sql`update agents set active_tasks = 9, state = 'BUSY' where id = ${all[0]!.id}`);
    for (const worker of all.toReversed()) listen(worker);
    const total = async () => (await held(all)).reduce((a, b) => a + b);
    for (let n = 1; n <= 5; n += 1) {
      await addTask(fixture);
      dispatcher.wake(fixture.projectId);
      await eventually(async () => (await total()) === n);
    }
    expect(await held(all)).toEqual([0, 1, 1, 1, 1, 1]);
    await addTasks(5);
    dispatcher.wake(fixture.projectId);
    await eventually(async () => (await total()) === 10);
    expect(Math.max(...(await held(all)))).toBeLessThan(5);
  });

  it("moves many tasks to all that have room", async () => {
    const all = await workers(20, 20);
    await addTasks(350);
    for (const worker of all) listen(worker);
    await eventually(async () => (await held(all)).reduce((a, b) => a + b) === 350);
    for (const { id } of all) {
      const { activeTasks, held: count } = await agentRow(fixture, id);
      expect(activeTasks).toBe(count);
    }
  });

  it("finds a task within a second without a hint, and gives nothing to who does not listen any more", async () => {
    const [worker, gone, old] = await workers(3);
    listen(worker!);
    listen(gone!)();
    await fixture.database.query(sql`update agents set incarnation = 2 where id = ${old!.id}`);
    listen(old!);
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const { id: agentId } of [worker!, gone!, old!]) await addTask(fixture, { agentId });
    await eventually(async () => (await held([worker!]))[0] === 1);
    dispatcher.wake(null);
    await dispatcher.close();
    expect(await held([gone!, old!])).toEqual([0, 0]);
  });

  it("assigns each task once when several processes dispatch for the same agents", async () => {
    const all = await workers(10, 5);
    const others = [1, 2].map(() => new Dispatcher(fixture.runtime, { onError: () => {}, onAssigned: () => {} }));
    for (const worker of all)
      for (const one of [dispatcher, ...others]) one.add({ ...worker, projectId: fixture.projectId });
    await addTasks(40);
    for (const one of [dispatcher, ...others]) one.wake(fixture.projectId);
    await eventually(async () => (await held(all)).reduce((a, b) => a + b) === 40);
    await Promise.all(others.map((one) => one.close()));
    const [row] = await fixture.database.query<{ attempts: number; events: number }>(
      sql`select (select sum(attempt)::int from tasks) as attempts, (select count(*)::int from events where payload ->> 'action' = 'ASSIGN' and type = 'task.transitioned') as events`,
    );
    expect(row).toEqual({ attempts: 40, events: 40 });
  });
});
