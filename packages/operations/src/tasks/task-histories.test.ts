import { MusterError } from "@muster/domain/errors.ts";
import { sql, type SQL } from "drizzle-orm";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectSettled, violationsIn } from "../../test/consistency.ts";
import { addProject, createFixture, type Fixture } from "../../test/fixtures.ts";
import { mostHeldAtOnce } from "../../test/held-at-once.ts";
import { type Replica, startReplica } from "../../test/replica.ts";
import { AGENT_MOVES, TaskActor } from "../../test/task-actor.ts";
import { Model, type ModelTask } from "../../test/task-model.ts";
import { histories, KEYS, ROOM, type Step, WORKERS } from "../../test/task-steps.ts";
import { addWorker, eventually, type Worker } from "../../test/workers.ts";
import { seeToFollowUps } from "../follow-ups/see-to-follow-ups.ts";
import { returnDueTasks } from "./park-tasks.ts";
import { TaskSweeper } from "./sweep-tasks.ts";

/** What has not been found in this time is left to the next run. */
const LIMIT_MS = 15_000;
const LONG = { startTimeoutMs: 3_600_000, cancelGraceMs: 3_600_000, missedOffersLimit: 1_000 };

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({ leaseMs: 3_600_000, ...LONG });
});
afterAll(() => fixture.close());

async function setUp(own: Fixture) {
  const place = await addProject(own.database);
  const workers: Worker[] = [];
  for (let index = 0; index < WORKERS; index += 1) {
    const capabilities = index === WORKERS - 1 ? ["build", "lint"] : ["build"];
    workers.push(await addWorker(own, { maxConcurrency: ROOM, capabilities, place }));
  }
  return { projectId: place.projectId, workers };
}

const succeeds = (work: Promise<unknown>) =>
  work.then(
    () => true,
    () => false,
  );

describe("one thing after the other", () => {
  // It judges once it has been awake for its lease time, and is kept so.
  let sweeper: TaskSweeper;
  let sweeping: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const sweep = () => {
    sweeping = sweeping.then(() => sweeper.sweep());
    return sweeping;
  };
  beforeAll(() => {
    sweeper = new TaskSweeper({ ...fixture.runtime, settings: { ...fixture.runtime.settings, leaseMs: 1_000 } });
    timer = setInterval(() => void sweep(), 200);
  });
  afterAll(async () => {
    clearInterval(timer);
    await sweeping;
  });

  /** Does one step, in the model and really; both have to agree on whether it has an effect. */
  async function take(model: Model, actor: TaskActor, step: Step): Promise<void> {
    const chosen =
      "task" in step && typeof step.task === "number" ? model.tasks[step.task % model.tasks.length] : undefined;
    const task = chosen as ModelTask;
    /** Sweeps until it has happened what the model says. */
    const swept = async (happens: boolean) => {
      if (!happens) return;
      await eventually(async () => {
        await sweep();
        const [row] = await fixture.database.query<{ version: number }>(
          sql`select version from tasks where id = ${task.id}`,
        );
        return row?.version === task.version;
      });
    };
    switch (step.do) {
      case "create":
        model.create(await actor.create(step.task), step.task);
        return;
      case "claim": {
        const given = model.claim(step.worker, step.max).map(({ id }) => id);
        expect(await actor.claim(step.worker, step.max)).toEqual(given);
        return;
      }
      case "start":
      case "progress":
      case "complete":
      case "fail":
      case "failForGood": {
        const attempt = task.attempt - (step.stale ? 1 : 0);
        if (attempt < 1 || task.worker === null) return;
        const done = await succeeds(actor.report(step.do, task.id, attempt, task.worker));
        // A repeated call is answered like the first one and changes nothing, as one for an older attempt.
        if (step.stale) return;
        if (step.do === "progress") expect(done).toBe(["RUNNING", "CANCELLING"].includes(task.state));
        else if (step.do === "start" && model.move(task, "START")) expect(done).toBe(true);
        else if (step.do === "complete" && model.move(task, "COMPLETE")) expect(done).toBe(true);
        else if (step.do === "fail" && model.fail(task, true)) expect(done).toBe(true);
        else if (step.do === "failForGood" && model.fail(task, false)) expect(done).toBe(true);
        return;
      }
      case "cancel":
        expect(await succeeds(actor.cancel(task.id))).toBe(model.move(task, "CANCEL"));
        return;
      case "retry":
        if (!model.ended.includes(task)) expect(await succeeds(actor.retry(task.id))).toBe(false);
        else model.create(await actor.retry(task.id), { ...task.made, delayed: false, deadline: false });
        return;
      case "leaseEnds":
        await actor.pass("leaseEnds", task.id);
        if (task.state === "ASSIGNED") await swept(model.move(task, "RETURN"));
        else if (task.state === "RUNNING") await swept(model.fail(task, true));
        return;
      case "timeOut":
        await actor.pass("timeOut", task.id);
        if (task.state === "RUNNING" && task.made.timeout) await swept(model.fail(task, true));
        return;
      case "graceEnds":
        await actor.pass("graceEnds", task.id);
        await swept(model.move(task, "CONFIRM"));
        return;
      case "deadlinePasses":
        await actor.pass("deadlinePasses", task.id);
        if (task.deadline) await swept(model.move(task, "EXPIRE"));
        return;
      case "comesDue":
        await actor.comeDue(task.id);
        model.comesDue(task);
        await returnDueTasks(fixture.database);
        return;
      case "pause":
      case "resume":
        if (step.do === "pause") model.paused.add(step.queue);
        else model.paused.delete(step.queue);
        await actor.setPaused(step.queue, step.do === "pause");
        return;
      default:
        expect(await succeeds(actor.moveAgent(step.do, step.worker))).toBe(
          model.moveAgent(step.worker, AGENT_MOVES[step.do].action),
        );
    }
  }

  async function compare(model: Model, projectId: string, workers: readonly Worker[]): Promise<void> {
    const rows = await fixture.database.query<object>(sql`
      select id, state, version, attempt, failures, agent_id as agent from tasks where project_id = ${projectId} order by created_at, id`);
    expect(rows).toEqual(
      model.tasks.map(({ id, state, version, attempt, failures, worker }) => {
        const agent = worker === null ? null : workers[worker]!.id;
        return { id, state, version, attempt, failures, agent };
      }),
    );
    const agents = await fixture.database.query<object>(sql`
      select a.state, a.active_tasks as active, a.pending_action is not null as draining
      from unnest(${sql.param(workers.map(({ id }) => id))}::uuid[]) with ordinality as i(id, place) join agents a on a.id = i.id order by i.place`);
    expect(agents).toEqual(
      model.workers.map(({ state, draining }, index) => ({ state, active: model.heldBy(index).length, draining })),
    );
    expect(await violationsIn(fixture.database, { projectId, settled: true })).toEqual([]);
  }

  it("tasks and agents are where the model says, and rows, histories and counters agree, after every step", async () => {
    const property = fc.asyncProperty(histories(40), async (steps) => {
      const { projectId, workers } = await setUp(fixture);
      const [model, actor] = [new Model(WORKERS), new TaskActor(fixture, fixture.runtime, projectId, workers)];
      for (const step of steps) {
        await take(model, actor, step);
        while ((await seeToFollowUps(fixture.runtime)).taken > 0);
        await compare(model, projectId, workers);
      }
      // Nothing of this history is left to be swept in the next one.
      await fixture.database.query(sql`update tasks set deadline = null where project_id = ${projectId}`);
    });
    await fc.assert(property, { numRuns: 60, interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: false });
  }, 60_000);
});

describe("all at once", () => {
  let crowd: Fixture;
  let replicas: readonly Replica[];
  beforeAll(async () => {
    crowd = await createFixture({
      leaseMs: 1_000,
      startTimeoutMs: 1_000,
      cancelGraceMs: 300,
      missedOffersLimit: 1_000,
    });
    replicas = await Promise.all([startReplica(crowd), startReplica(crowd)]);
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.stop()));
    await crowd.close();
  });

  it("rows, histories and counters agree at every moment, and no limit is exceeded", async () => {
    const property = fc.asyncProperty(fc.array(histories(30), { minLength: 4, maxLength: 6 }), async (ofActors) => {
      const { projectId, workers } = await setUp(crowd);
      const unexpected: unknown[] = [];
      const act = async (steps: readonly Step[], index: number) => {
        const actor = new TaskActor(crowd, replicas[index % 2]!.runtime, projectId, workers);
        for (const step of steps) {
          // It may come too late or not be allowed: that is an answer.
          await actor.take(step).catch((error: unknown) => error instanceof MusterError || unexpected.push(error));
        }
      };
      let running = true;
      const watch = async () => {
        while (running) expect(await violationsIn(crowd.database, { projectId })).toEqual([]);
      };
      const acting = Promise.all(ofActors.map(act)).finally(() => {
        running = false;
      });
      await Promise.all([acting, watch()]);
      expect(unexpected).toEqual([]);
      await expectSettled(crowd.database, projectId);
      const most = (group: SQL) =>
        mostHeldAtOnce(crowd.database, sql`case when t.project_id = ${projectId} then ${group} end`);
      for (const [key, held] of await most(sql`t.concurrency_key`))
        expect(held).toBeLessThanOrEqual(KEYS[key as "pair"]);
      for (const held of (await most(sql`e.agent_id::text`)).values()) expect(held).toBeLessThanOrEqual(ROOM);
    });
    await fc.assert(property, { numRuns: 12, interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: false });
    expect(replicas.flatMap(({ errors }) => errors)).toEqual([]);
  }, 60_000);
});
