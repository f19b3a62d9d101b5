import { Conflict, Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, agentRow, eventsOf, type Worker } from "../../test/workers.ts";
import { isAvailable } from "../agents/agent.ts";
import { getAgents } from "../agents/agent-queries.ts";
import { connectAgent } from "../agents/connect-agent.ts";
import { seeToFollowUps } from "../follow-ups/see-to-follow-ups.ts";
import { newId } from "../new-id.ts";
import { claimReady, claimTasks } from "./claim-tasks.ts";
import { completeTask } from "./complete-task.ts";
import { createTasks } from "./create-tasks.ts";
import { startTask } from "./start-task.ts";
import type { OfferedTask } from "./task.ts";
import { WorkHints } from "./work-hints.ts";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await createFixture();
});
afterEach(() => fixture.close());

const claim = (worker: Worker, max = 100) => claimReady(fixture.runtime, worker.caller, { ...worker, max });
const finish = async (worker: Worker, { id: taskId, attempt }: OfferedTask) => {
  await startTask(fixture.runtime, worker.caller, { taskId, attempt });
  return completeTask(fixture.runtime, worker.caller, { taskId, attempt });
};

describe("a claim", () => {
  it("takes the highest priority first, then the oldest, up to the room there is", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 5, capabilities: ["build", "lint", "build"] });
    const at = (ms: number) => new Date(Date.now() - ms);
    const order = [
      await addTask(fixture, { priority: 5, runAt: at(1_000), capability: "lint" }),
      await addTask(fixture, { priority: 5, runAt: at(500) }),
      await addTask(fixture, { priority: 1, runAt: at(9_000), agentId: worker.id }),
      await addTask(fixture, { priority: 0, runAt: at(9_000) }),
      await addTask(fixture, { priority: -5, runAt: at(20_000), capability: "lint" }),
      await addTask(fixture, { priority: -5, runAt: at(10_000) }),
    ];
    expect((await claim(worker, 2)).map((task) => task.id)).toEqual(order.slice(0, 2).map((task) => task.id));
    expect((await claim(worker)).map((task) => task.id)).toEqual(order.slice(2, 5).map((task) => task.id));
    expect(await claim(worker)).toEqual([]);
    expect(await agentRow(fixture, worker.id)).toMatchObject({ activeTasks: 5, held: 5, state: "BUSY", version: 2 });
  });

  it("gives a process no more than it said it can do at once", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 10 });
    for (let count = 0; count < 5; count += 1) await addTask(fixture);
    const { runtime } = fixture;
    const { incarnation } = await connectAgent(runtime, worker.caller, {
      agentId: worker.id,
      concurrency: 2,
      capabilities: ["build"],
    });
    const process = { ...worker, incarnation };
    expect(await claim(process)).toHaveLength(2);
    expect(await claim(process)).toEqual([]);
    const [agent] = await getAgents(runtime, fixture.admin, [worker.id]);
    expect(agent && isAvailable(agent, runtime.settings)).toBe(false);
    // The next process says nothing: what is registered holds again.
    const next = await connectAgent(runtime, worker.caller, { agentId: worker.id, capabilities: ["build"] });
    expect(await claim({ ...worker, incarnation: next.incarnation })).toHaveLength(5);
  });

  it("leaves what is not ready or not for this agent", async () => {
    const [worker, other] = [await addWorker(fixture, { maxConcurrency: 10 }), await addWorker(fixture)];
    await addTask(fixture, { runAt: new Date(Date.now() + 60_000) });
    await addTask(fixture, { kind: "lint" });
    await addTask(fixture, { agentId: other.id });
    await addTask(fixture, { agentId: other.id, capability: "build" });
    const late = await addTask(fixture, { deadline: new Date(Date.now() + 60_000) });
    await fixture.database.query(
      sql`update tasks set deadline = clock_timestamp() - interval '1 second' where id = ${late.id}`,
    );
    expect(await claim(worker)).toEqual([]);
    expect(await agentRow(fixture, worker.id)).toMatchObject({ state: "ONLINE", version: 1, activeTasks: 0 });
  });

  it("gives nothing to an agent that is not at work, drains, is full, or has missed too many offers", async () => {
    await addTask(fixture);
    for (const change of [
      sql`state = 'SUSPENDED'`,
      sql`state = 'UNRESPONSIVE'`,
      sql`pending_action = 'STOP'`,
      sql`missed_offers = ${fixture.runtime.settings.missedOffersLimit}`,
      sql`active_tasks = 1`,
      sql`incarnation = 2`,
    ]) {
      const worker = await addWorker(fixture);
      await fixture.database.query(sql`update agents set ${change} where id = ${worker.id}`);
      expect(await claim(worker)).toEqual([]);
    }
    expect(await claim(await addWorker(fixture, { state: "IDLE" }))).toHaveLength(1);
  });

  it("writes nothing when there is nothing", async () => {
    const worker = await addWorker(fixture);
    const locked = () =>
      fixture.database.query<{ xmax: string }>(sql`select xmax::text from agents where id = ${worker.id}`);
    const before = await locked();
    await claim(worker);
    expect(await locked()).toEqual(before);
    expect(await eventsOf(fixture, worker.id)).toEqual([]);
  });

  it("is refused for bad input, another agent, an old incarnation, an unknown agent", async () => {
    const [worker, other] = [await addWorker(fixture), await addWorker(fixture)];
    const assignments = { waitForWork: () => Promise.resolve(), closing: new AbortController().signal };
    const ask = (input: object, caller = worker.caller) =>
      claimTasks(fixture.runtime, assignments, caller, { agentId: worker.id, incarnation: 1, max: 1, ...input });
    await expect(ask({ max: 0 })).rejects.toThrow(InvalidInput);
    await expect(ask({ waitMs: 60_001 })).rejects.toThrow(InvalidInput);
    await expect(ask({ agentId: other.id })).rejects.toThrow(Forbidden);
    await expect(ask({ incarnation: 3 })).rejects.toMatchObject({ expected: "3", actual: "1" });
    await fixture.database.query(sql`update agents set incarnation = 2 where id = ${worker.id}`);
    await expect(ask({})).rejects.toThrow(Conflict);
    await expect(ask({ agentId: newId() }, fixture.admin)).rejects.toThrow(NotFound);
  });
});

describe("waiting for work", () => {
  it("ends as soon as there is a hint and a task, and holds no connection meanwhile", async () => {
    const worker = await addWorker(fixture);
    const hints = new WorkHints();
    const closing = new AbortController();
    const assignments = { waitForWork: hints.waitForWork.bind(hints), closing: closing.signal };
    const begun = performance.now();
    const waiting = claimTasks(fixture.runtime, assignments, worker.caller, { ...worker, max: 1, waitMs: 10_000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const [busy] = await fixture.database.query<{ count: number }>(
      sql`select count(*)::int as count from pg_stat_activity where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid() and backend_type = 'client backend'`,
    );
    expect(busy).toEqual({ count: 0 });
    const task = await addTask(fixture);
    hints.observe([
      {
        type: "task.transitioned",
        projectId: fixture.projectId,
        agentId: null,
        subjectId: "t",
        subjectVersion: 1,
        payload: { from: null, to: "QUEUED" },
      },
    ]);
    expect((await waiting).map(({ id }) => id)).toEqual([task.id]);
    expect(performance.now() - begun).toBeLessThan(800);
  });

  it("finds a task within a second when the hint is lost, and gives up in time", async () => {
    const worker = await addWorker(fixture);
    const hints = new WorkHints();
    const closing = new AbortController();
    const assignments = { waitForWork: hints.waitForWork.bind(hints), closing: closing.signal };
    const begun = performance.now();
    expect(await claimTasks(fixture.runtime, assignments, worker.caller, { ...worker, max: 1, waitMs: 300 })).toEqual(
      [],
    );
    expect(performance.now() - begun).toBeGreaterThan(290);
    const waiting = claimTasks(fixture.runtime, assignments, worker.caller, { ...worker, max: 1, waitMs: 10_000 });
    await addTask(fixture);
    expect(await waiting).toHaveLength(1);
    const stopped = claimTasks(fixture.runtime, assignments, worker.caller, { ...worker, max: 1, waitMs: 10_000 });
    closing.abort();
    expect(await stopped).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(3_000);
  });
});

describe("claims at once", () => {
  it("never give a task to two agents, and forget none", async () => {
    const workers = await Promise.all(Array.from({ length: 8 }, () => addWorker(fixture, { maxConcurrency: 1_000 })));
    const input = { projectId: fixture.projectId, kind: "build", input: 1 };
    await createTasks(fixture.runtime, fixture.admin, { tasks: Array.from({ length: 400 }, () => input) });
    const taken = new Map<string, string>();
    await Promise.all(
      workers.map(async (worker) => {
        for (let tasks = await claim(worker, 7); tasks.length > 0; tasks = await claim(worker, 7)) {
          for (const task of tasks) {
            expect(taken.has(task.id)).toBe(false);
            taken.set(task.id, worker.id);
          }
        }
      }),
    );
    while (taken.size < 400) {
      const left = await claim(workers[0]!);
      expect(left.length).toBeGreaterThan(0);
      for (const task of left) taken.set(task.id, workers[0]!.id);
    }
    for (const worker of workers) {
      const { activeTasks, held } = await agentRow(fixture, worker.id);
      expect(activeTasks).toBe(held);
    }
  });

  it("of one agent never give it more than it has room for", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 3 });
    for (let n = 0; n < 20; n += 1) await addTask(fixture);
    const claimed = await Promise.all(Array.from({ length: 10 }, () => claim(worker, 2)));
    expect(claimed.flat()).toHaveLength(3);
    expect(await agentRow(fixture, worker.id)).toMatchObject({ activeTasks: 3, held: 3 });
  });

  it("pass over an agent that another transaction has locked, and then see what that did", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 2 });
    await addTask(fixture);
    await addTask(fixture);
    await fixture.database.transaction(async (transaction) => {
      await transaction.query(sql`update agents set active_tasks = 1, version = version + 1 where id = ${worker.id}`);
      expect(await claim(worker)).toEqual([]);
    });
    expect(await claim(worker)).toHaveLength(1);
    expect(await agentRow(fixture, worker.id)).toMatchObject({ activeTasks: 2, state: "BUSY", version: 3 });
  });
});

describe("a concurrency key", () => {
  it("lets one task run at a time, in the whole project", async () => {
    const workers = await Promise.all(Array.from({ length: 6 }, () => addWorker(fixture, { maxConcurrency: 10 })));
    const input = { projectId: fixture.projectId, kind: "build", input: 1 };
    const tasks = Array.from({ length: 60 }, (_, n) => ({
      ...input,
      input: `key ${n % 3}`,
      concurrencyKey: `key ${n % 3}`,
    }));
    await createTasks(fixture.runtime, fixture.admin, { tasks });
    const running = new Map<unknown, string>();
    let finished = 0;
    const until = performance.now() + 20_000;
    const goesOn = () => finished < 60 && performance.now() < until;
    const followUp = async () => {
      while (goesOn()) await seeToFollowUps(fixture.runtime);
    };
    await Promise.all([
      followUp(),
      ...workers.map(async (worker) => {
        while (goesOn()) {
          for (const task of await claim(worker)) {
            expect(running.get(task.input)).toBeUndefined();
            running.set(task.input, task.id);
            await startTask(fixture.runtime, worker.caller, { taskId: task.id, attempt: task.attempt });
            running.delete(task.input);
            await completeTask(fixture.runtime, worker.caller, { taskId: task.id, attempt: task.attempt });
            finished += 1;
          }
        }
      }),
    ]);
    expect(finished).toBe(60);
  });

  it("holds nobody up who has another", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 10 });
    for (const concurrencyKey of ["a", "a", "b", undefined])
      await addTask(fixture, { concurrencyKey, input: concurrencyKey ?? null });
    const first = await claim(worker, 1);
    expect(first.map((task) => task.input)).toEqual(["a"]);
    expect((await claim(worker)).map((task) => task.input)).toEqual(["b", null]);
    expect(await claim(worker)).toEqual([]);
    await finish(worker, first[0]!);
    await seeToFollowUps(fixture.runtime);
    expect((await claim(worker)).map((task) => task.input)).toEqual(["a"]);
  });

  it("has no slot for two, whatever statement asks", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 10 });
    for (const concurrencyKey of ["a", "b"]) await addTask(fixture, { concurrencyKey });
    const [, second] = await claim(worker);
    const both = fixture.database.query(sql`update tasks set concurrency_key = 'a' where id = ${second!.id}`);
    await expect(both).rejects.toMatchObject({ constraint: "tasks_concurrency_slot_key" });
  });
});
