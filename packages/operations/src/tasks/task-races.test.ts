import { IllegalTransition, MusterError } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectSettled } from "../../test/consistency.ts";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, agentRow, eventsOf, type Worker } from "../../test/workers.ts";
import { moveAgent } from "../agents/move-agent.ts";
import { seeToFollowUps } from "../follow-ups/see-to-follow-ups.ts";
import { cancelTask } from "./cancel-task.ts";
import { claimReady } from "./claim-tasks.ts";
import { completeTask } from "./complete-task.ts";
import { failTask } from "./fail-task.ts";
import { returnDueTasks } from "./park-tasks.ts";
import { startTask } from "./start-task.ts";
import type { OfferedTask } from "./task.ts";
import { TaskSweeper } from "./sweep-tasks.ts";
import { getTasks } from "./task-queries.ts";

let fixture: Fixture;
const begin = async () => {
  fixture = await createFixture({ leaseMs: 300, startTimeoutMs: 300, cancelGraceMs: 200 });
};
beforeAll(begin);
afterAll(() => fixture.close());

const claim = (worker: Worker, max = 5) => claimReady(fixture.runtime, worker.caller, { ...worker, max });
const operator = (
  worker: Worker,
  action: "STOP" | "START" | "SUSPEND" | "RESUME" | "MAINTAIN",
  mode: "DRAIN" | "NOW" = "NOW",
) =>
  moveAgent(fixture.runtime, fixture.admin, { agentId: worker.id, action, trigger: "operator", reason: "test", mode });

async function run(worker: Worker) {
  const { id: taskId } = await addTask(fixture, {
    agentId: worker.id,
    backoff: { initialMs: 0, factor: 1, maxMs: 0 },
    maxFailures: 100,
  });
  const [task] = await claim(worker, 1);
  await startTask(fixture.runtime, worker.caller, { taskId, attempt: task!.attempt });
  return { taskId, attempt: task!.attempt };
}

/** What both did: "ok" or the name of the error. */
const outcomes = async (...work: Promise<unknown>[]) =>
  (await Promise.allSettled(work)).map((result) =>
    result.status === "fulfilled" ? "ok" : (result.reason as Error).name,
  );

describe("two things at once to one task", () => {
  it("complete and cancel: completed whatever comes first, cancelled only before, and who loses is told", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 100 });
    const orders = new Set<string>();
    for (let n = 0; n < 40; n += 1) {
      const attempt = await run(worker);
      const complete = () => completeTask(fixture.runtime, worker.caller, attempt);
      const cancel = () => cancelTask(fixture.runtime, fixture.admin, { taskId: attempt.taskId, reason: "stop" });
      const [completed, cancelled] = await (n % 2 === 0
        ? outcomes(complete(), cancel())
        : outcomes(cancel(), complete()).then(([second, first]) => [first, second]));
      expect(completed).toBe("ok");
      expect(["ok", IllegalTransition.name]).toContain(cancelled);
      const steps = (await eventsOf(fixture, attempt.taskId)).map(({ payload }) => String(payload["action"]));
      const order = steps.slice(3).join(" ");
      expect(order).toBe(cancelled === "ok" ? "CANCEL COMPLETE" : "COMPLETE");
      orders.add(order);
    }
    // Which comes first is up to the database; both have to be right, and the race has to be one.
    expect([...orders].toSorted()).toEqual(["CANCEL COMPLETE", "COMPLETE"]);
    expect(await agentRow(fixture, worker.id)).toMatchObject({ activeTasks: 0, held: 0 });
    await expectSettled(fixture.database);
  });

  it("the end of the grace period and completion: the result is taken, or the agent is told that it is too late", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 100 });
    const sweeper = new TaskSweeper(fixture.runtime);
    const seen = new Set<string>();
    for (let n = 0; n < 20 && seen.size < 2; n += 1) {
      const attempt = await run(worker);
      await cancelTask(fixture.runtime, fixture.admin, { taskId: attempt.taskId, reason: "stop" });
      await fixture.database.query(
        sql`update tasks set lease_until = clock_timestamp() + interval '1 hour', cancel_until = clock_timestamp() where id = ${attempt.taskId}`,
      );
      const [completed] = await outcomes(
        completeTask(fixture.runtime, worker.caller, attempt),
        // It judges only once it has been awake for a lease time.
        (async () => {
          for (let sweeps = 0; sweeps < 3; sweeps += 1) await sweeper.sweep();
        })(),
      );
      const [task] = await getTasks(fixture.runtime, fixture.admin, [attempt.taskId]);
      expect([completed, task?.state]).toEqual(completed === "ok" ? ["ok", "SUCCEEDED"] : ["LeaseLost", "CANCELLED"]);
      seen.add(String(completed));
    }
    expect(await agentRow(fixture, worker.id)).toMatchObject({ activeTasks: 0, held: 0 });
  });

  it("start and cancel: either it never ran, or it is asked to stop", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 100 });
    for (let n = 0; n < 30; n += 1) {
      const { id: taskId } = await addTask(fixture, { agentId: worker.id });
      await claim(worker, 1);
      const [started, cancelled] = await outcomes(
        startTask(fixture.runtime, worker.caller, { taskId, attempt: 1 }),
        cancelTask(fixture.runtime, fixture.admin, { taskId, reason: "stop" }),
      );
      expect(cancelled).toBe("ok");
      const [task] = await getTasks(fixture.runtime, fixture.admin, [taskId]);
      expect(task?.state).toBe(started === "ok" ? "CANCELLING" : "CANCELLED");
    }
    const { activeTasks, held } = await agentRow(fixture, worker.id);
    expect(activeTasks).toBe(held);
  });

  it("claim and cancel of a queued task keep the counter", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 100 });
    for (let n = 0; n < 40; n += 1) {
      const { id: taskId } = await addTask(fixture, { agentId: worker.id });
      const results = await outcomes(
        claim(worker, 1),
        cancelTask(fixture.runtime, fixture.admin, { taskId, reason: "stop" }),
      );
      expect(results).toEqual(["ok", "ok"]);
      expect(await agentRow(fixture, worker.id)).toMatchObject({ activeTasks: 0, held: 0 });
    }
  });

  it("claim and stop: an agent that is OFFLINE holds nothing", async () => {
    for (let n = 0; n < 40; n += 1) {
      const worker = await addWorker(fixture);
      const { id: taskId } = await addTask(fixture, { agentId: worker.id });
      await Promise.all([claim(worker), operator(worker, "STOP")]);
      expect(await agentRow(fixture, worker.id)).toMatchObject({ state: "OFFLINE", activeTasks: 0, held: 0 });
      expect((await getTasks(fixture.runtime, fixture.admin, [taskId]))[0]).toMatchObject({
        state: "QUEUED",
        failures: 0,
      });
    }
  });

  it("completion and stop: the result is taken, or the run goes back, never both", async () => {
    for (let n = 0; n < 30; n += 1) {
      const worker = await addWorker(fixture);
      const attempt = await run(worker);
      const [completed, stopped] = await outcomes(
        completeTask(fixture.runtime, worker.caller, attempt),
        operator(worker, "STOP"),
      );
      expect(stopped).toBe("ok");
      const [task] = await getTasks(fixture.runtime, fixture.admin, [attempt.taskId]);
      expect(task).toMatchObject(
        completed === "ok"
          ? { state: "SUCCEEDED", failures: 0 }
          : { state: "QUEUED", failures: 1, error: { kind: "agent_left" } },
      );
      expect(await agentRow(fixture, worker.id)).toMatchObject({ activeTasks: 0, held: 0, state: "OFFLINE" });
    }
  });
});

describe("a call that has waited for a lock", () => {
  it("sees what the task has become meanwhile: another attempt is not completed in its place", async () => {
    const worker = await addWorker(fixture);
    const attempt = await run(worker);
    let completed: Promise<string[]> | undefined;
    await fixture.database.transaction(async (transaction) => {
      await transaction.query(sql`select from agents where id = ${worker.id} for no key update`);
      completed = outcomes(completeTask(fixture.runtime, worker.caller, attempt));
      await new Promise((resolve) => setTimeout(resolve, 200));
      await transaction.query(sql`update tasks set attempt = 2 where id = ${attempt.taskId}`);
    });
    expect(await completed).toEqual(["LeaseLost"]);
    const [task] = await getTasks(fixture.runtime, fixture.admin, [attempt.taskId]);
    expect(task).toMatchObject({ state: "RUNNING", attempt: 2 });
  });

  it("counts on what its agent has become meanwhile", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 3 });
    const [first, second] = [await run(worker), await run(worker)];
    let completed: Promise<string[]> | undefined;
    await fixture.database.transaction(async (transaction) => {
      await transaction.query(sql`select from agents where id = ${worker.id} for no key update`);
      completed = outcomes(
        completeTask(fixture.runtime, worker.caller, first),
        completeTask(fixture.runtime, worker.caller, second),
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    expect(await completed).toEqual(["ok", "ok"]);
    expect(await agentRow(fixture, worker.id)).toMatchObject({ state: "IDLE", activeTasks: 0, held: 0, version: 3 });
  });

  it("counts on it too when offers are cancelled", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 3 });
    const tasks = [await addTask(fixture, { agentId: worker.id }), await addTask(fixture, { agentId: worker.id })];
    expect(await claim(worker)).toHaveLength(2);
    let cancelled: Promise<string[]> | undefined;
    await fixture.database.transaction(async (transaction) => {
      await transaction.query(sql`select from agents where id = ${worker.id} for no key update`);
      cancelled = outcomes(
        ...tasks.map(({ id: taskId }) => cancelTask(fixture.runtime, fixture.admin, { taskId, reason: "stop" })),
      );
      await new Promise((resolve) => setTimeout(resolve, 150));
    });
    expect(await cancelled).toEqual(["ok", "ok"]);
    expect(await agentRow(fixture, worker.id)).toMatchObject({ state: "IDLE", activeTasks: 0, held: 0, version: 3 });
  });
});

describe("everything at once", () => {
  // The tests before have changed rows by hand.
  beforeAll(async () => {
    await fixture.close();
    await begin();
  });

  it("keeps every rule and never deadlocks", async () => {
    const workers = await Promise.all(Array.from({ length: 4 }, () => addWorker(fixture, { maxConcurrency: 3 })));
    const sweepers = [new TaskSweeper(fixture.runtime), new TaskSweeper(fixture.runtime)];
    const taskIds: string[] = [];
    const completed = new Map<string, number>();
    const unexpected: unknown[] = [];
    const until = performance.now() + 4_000;
    const pick = <Item>(items: readonly Item[]) => items[Math.floor(Math.random() * items.length)]!;

    const loop = async (work: () => Promise<unknown>) => {
      while (performance.now() < until) {
        await work().catch((error: unknown) => error instanceof MusterError || unexpected.push(error));
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const act = async (worker: Worker, task: OfferedTask) => {
      const attempt = { taskId: task.id, attempt: task.attempt };
      if (Math.random() < 0.1) return;
      await startTask(fixture.runtime, worker.caller, attempt);
      const chance = Math.random();
      if (chance < 0.2) return;
      if (chance < 0.5) return failTask(fixture.runtime, worker.caller, { ...attempt, message: "no" });
      await completeTask(fixture.runtime, worker.caller, attempt);
      completed.set(task.id, (completed.get(task.id) ?? 0) + 1);
    };
    await Promise.all([
      ...workers.flatMap((worker) =>
        [0, 1].map(() => loop(async () => Promise.all((await claim(worker)).map((task) => act(worker, task))))),
      ),
      loop(async () => {
        const concurrencyKey = Math.random() < 0.5 ? `key ${Math.floor(Math.random() * 3)}` : null;
        const backoff = { initialMs: 1, factor: 2, maxMs: 50, jitter: true };
        taskIds.push(
          (await addTask(fixture, { concurrencyKey, backoff, maxFailures: 5, priority: Math.floor(Math.random() * 3) }))
            .id,
        );
      }),
      loop(() => cancelTask(fixture.runtime, fixture.admin, { taskId: pick(taskIds) ?? "", reason: "stop" })),
      loop(async () => {
        const worker = pick(workers);
        await operator(worker, pick(["SUSPEND", "STOP", "MAINTAIN"] as const), pick(["DRAIN", "NOW"] as const));
        await new Promise((resolve) => setTimeout(resolve, 30));
      }),
      loop(async () => {
        await fixture.database.query(sql`update agents set missed_offers = 0 where missed_offers > 0`);
        for (const worker of workers) {
          await operator(worker, "RESUME").catch(() => {});
          await moveAgent(fixture.runtime, worker.caller, {
            agentId: worker.id,
            action: "ACTIVATE",
            trigger: "agent",
            reason: null,
          }).catch(() => {});
        }
      }),
      ...sweepers.map((sweeper) => loop(() => sweeper.sweep())),
      loop(() => seeToFollowUps(fixture.runtime)),
      loop(() => seeToFollowUps(fixture.runtime)),
    ]);
    expect(unexpected).toEqual([]);
    expect(completed.size).toBeGreaterThan(20);
    expect([...completed.values()].every((times) => times === 1)).toBe(true);

    while ((await seeToFollowUps(fixture.runtime)).taken > 0);
    await returnDueTasks(fixture.database);
    await expectSettled(fixture.database);
  }, 20_000);
});
