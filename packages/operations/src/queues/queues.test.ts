import { Conflict, Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { addTask, addWorker, eventsOf } from "../../test/workers.ts";
import { claimReady } from "../tasks/claim-tasks.ts";
import { WorkHints } from "../tasks/work-hints.ts";
import { pauseQueue } from "./pause-queue.ts";
import { readQueueDepths } from "./queue-depth.ts";
import { findQueues, getQueues, listQueues } from "./queue-queries.ts";
import type { Queue } from "./queue.ts";
import { resumeQueue } from "./resume-queue.ts";
import { updateQueue } from "./update-queue.ts";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await createFixture();
});
afterEach(() => fixture.close());

const mails = () => ({ projectId: fixture.projectId, queue: "mails" });
const pause = (more: object = {}) =>
  pauseQueue(fixture.runtime, fixture.admin, { ...mails(), reason: "the mail server is down", ...more });
const resume = (more: object = {}) => resumeQueue(fixture.runtime, fixture.admin, { ...mails(), ...more });
const limit = (maxRunning: number | null, more: object = {}) =>
  updateQueue(fixture.runtime, fixture.admin, { ...mails(), maxRunning, ...more });
const depth = (queue: Queue) => only(readQueueDepths(fixture.runtime, fixture.admin, [queue.id]));
const typesOf = async (queue: Queue) => (await eventsOf(fixture, queue.id)).map(({ type }) => type);

describe("a queue", () => {
  it("is paused and resumed, each with an event, and made where no task has", async () => {
    const paused = await pause();
    expect(paused).toMatchObject({
      name: "mails",
      version: 2,
      pauseReason: "the mail server is down",
      maxRunning: null,
    });
    expect(paused.pausedAt).toBeInstanceOf(Date);
    expect(paused.pausedBy).toMatchObject({ kind: "API_KEY", name: "admin" });
    expect(await pause({ reason: "another" })).toEqual(paused);
    const resumed = await resume({ reason: "it is up again" });
    expect(resumed).toMatchObject({ version: 3, pausedAt: null, pauseReason: null, pausedBy: null });
    expect(await resume()).toEqual(resumed);
    expect(await eventsOf(fixture, paused.id)).toMatchObject([
      {
        type: "queue.paused",
        subjectVersion: 2,
        actorName: "admin",
        reason: "the mail server is down",
        payload: { name: "mails" },
      },
      {
        type: "queue.resumed",
        subjectVersion: 3,
        reason: "it is up again",
        payload: { durationMs: expect.any(Number) },
      },
    ]);
  });

  it("hands out nothing while it is paused, at once all when it is resumed, and other queues go on", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 10 });
    const claim = () => claimReady(fixture.runtime, worker.caller, { ...worker, max: 10 });
    const add = (queue: string) => addTask(fixture, { queue, input: queue });
    await add("mails");
    await add("other");
    await pause();
    await add("mails");
    expect((await claim()).map((task) => task.input)).toEqual(["other"]);
    await resume();
    expect((await claim()).map((task) => task.input)).toEqual(["mails", "mails"]);
  });

  it("wakes those who wait for work when it is resumed or its limit is raised", async () => {
    const hints = new WorkHints();
    const woken: (string | null)[] = [];
    hints.onWork(null, ({ projectId }) => woken.push(projectId));
    const { id } = await pause();
    await resume();
    await limit(7);
    for (const event of await eventsOf(fixture, id)) {
      hints.observe([{ ...event, projectId: fixture.projectId }]);
    }
    expect(woken).toEqual([fixture.projectId, fixture.projectId, fixture.projectId]);
  });

  it("has a limit that claims keep, and that can be lifted", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 10 });
    const claim = async () => (await claimReady(fixture.runtime, worker.caller, { ...worker, max: 10 })).length;
    for (let n = 0; n < 5; n += 1) await addTask(fixture, { queue: "mails" });
    const limited = await limit(2);
    expect(limited).toMatchObject({ maxRunning: 2, version: 2 });
    expect([await claim(), await claim()]).toEqual([2, 0]);
    await limit(3);
    expect(await updateQueue(fixture.runtime, fixture.admin, mails())).toMatchObject({ version: 3, maxRunning: 3 });
    expect([await claim(), await claim()]).toEqual([1, 0]);
    await limit(null);
    expect(await claim()).toBe(2);
    expect(await limit(null)).toMatchObject({ version: 4, maxRunning: null });
    expect(await eventsOf(fixture, limited.id)).toMatchObject([
      { type: "queue.updated", payload: { changed: ["maxRunning"], maxRunning: 2 } },
      { payload: { maxRunning: 3 } },
      { payload: { maxRunning: null } },
    ]);
  });

  it("compares and sets: of many that expect the same version one succeeds, and events follow the versions", async () => {
    await expect(pause({ expectedVersion: 7 })).rejects.toThrow(Conflict);
    expect(await fixture.database.query(sql`select 1 from queues`)).toEqual([]);
    const { version } = await limit(1);
    const racing = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => limit(n + 2, { expectedVersion: version })),
    );
    expect(racing.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const race of racing) if (race.status === "rejected") expect(race.reason).toBeInstanceOf(Conflict);
    const either = await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? pause() : resume())));
    const [queue] = await getQueues(fixture.runtime, fixture.admin, [either[0]!.id]);
    const events = await eventsOf(fixture, queue!.id);
    expect(events.map(({ subjectVersion }) => subjectVersion)).toEqual(events.map((_, n) => n + 2));
    expect(queue?.version).toBe(events.length + 1);
    for (const [n, { type }] of events.entries()) {
      if (n > 2) expect([type, events[n - 1]?.type].toSorted()).toEqual(["queue.paused", "queue.resumed"]);
    }
  });

  it("is made once, however many pause it at once", async () => {
    const paused = await Promise.all(Array.from({ length: 10 }, () => pause()));
    expect(new Set(paused.map(({ id }) => id)).size).toBe(1);
    expect(await typesOf(paused[0]!)).toEqual(["queue.paused"]);
  });

  it("refuses what cannot be", async () => {
    await expect(pause({ reason: "" })).rejects.toThrow(InvalidInput);
    await expect(pause({ queue: "a\0" })).rejects.toThrow(InvalidInput);
    await expect(limit(0)).rejects.toThrow(InvalidInput);
    await expect(limit(1.5)).rejects.toThrow(InvalidInput);
    expect(await fixture.database.query(sql`select 1 from queues`)).toEqual([]);
  });

  it("answers alike for what is missing and what is another's, and asks for its permissions", async () => {
    const other = await addProject(fixture.database);
    const { projectId, workspaceId } = fixture;
    const queue = await pause();
    const foreign = callerOf({ kind: "API_KEY", name: "foreign", permissions: new Set(PERMISSIONS), reach: other });
    const target = { projectId, queue: "mails" };
    await expect(pauseQueue(fixture.runtime, foreign, { ...target, reason: "no" })).rejects.toThrow(NotFound);
    await expect(resumeQueue(fixture.runtime, foreign, target)).rejects.toThrow(NotFound);
    await expect(updateQueue(fixture.runtime, foreign, { ...target, maxRunning: 1 })).rejects.toThrow(NotFound);
    expect(await getQueues(fixture.runtime, foreign, [queue.id])).toEqual([]);
    expect(await only(findQueues(fixture.runtime, foreign, [projectId], "mails"))).toBeNull();
    expect((await only(listQueues(fixture.runtime, foreign, [projectId], { page: {} }))).edges).toEqual([]);
    expect((await readQueueDepths(fixture.runtime, foreign, [queue.id])).size).toBe(0);
    const without = (permission: string) => {
      const permissions = new Set(PERMISSIONS.filter((one) => one !== permission));
      return callerOf({ kind: "API_KEY", name: "limited", permissions, reach: { workspaceId, projectId } });
    };
    await expect(pauseQueue(fixture.runtime, without("queue.manage"), { ...target, reason: "no" })).rejects.toThrow(
      Forbidden,
    );
    await expect(resumeQueue(fixture.runtime, without("queue.manage"), target)).rejects.toThrow(Forbidden);
    await expect(updateQueue(fixture.runtime, without("queue.manage"), target)).rejects.toThrow(Forbidden);
    for (const read of [
      () => getQueues(fixture.runtime, without("task.read"), []),
      () => findQueues(fixture.runtime, without("task.read"), [], "mails"),
      () => listQueues(fixture.runtime, without("task.read"), [], { page: {} }),
      () => readQueueDepths(fixture.runtime, without("task.read"), []),
    ]) {
      await expect(read()).rejects.toThrow(Forbidden);
    }
  });
});

describe("lists of queues", () => {
  it("are by name, searched and by whether they are paused", async () => {
    const { runtime, admin, projectId } = fixture;
    for (const queue of ["mails", "mails_slow", "builds"]) await addTask(fixture, { queue });
    await pause();
    const names = async (filter: object) =>
      (await only(listQueues(runtime, admin, [projectId], { filter, page: {} }))).edges.map(({ node }) => node.name);
    expect(await names({})).toEqual(["builds", "mails", "mails_slow"]);
    expect(await names({ search: "mails_" })).toEqual(["mails_slow"]);
    expect(await names({ search: "%" })).toEqual([]);
    expect(await names({ paused: true })).toEqual(["mails"]);
    expect(await names({ paused: false, search: "m" })).toEqual(["mails_slow"]);
    expect(await only(findQueues(runtime, admin, [projectId], "builds"))).toMatchObject({ name: "builds" });
    expect(await only(findQueues(runtime, admin, [projectId], "none"))).toBeNull();
  });
});

describe("a queue's depth", () => {
  it("counts what is ready, parked and held, in all lanes of the queue and no other", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 2 });
    const runAt = (seconds: number) => new Date(Date.now() + seconds * 1_000);
    await addTask(fixture, { queue: "mails" });
    await addTask(fixture, { queue: "mails", concurrencyKey: "k" });
    await claimReady(fixture.runtime, worker.caller, { ...worker, max: 2 });
    const old = await addTask(fixture, { queue: "mails", runAt: runAt(-60), priority: -1 });
    await addTask(fixture, { queue: "mails", runAt: runAt(-30), priority: 1, capability: "lint" });
    await addTask(fixture, { queue: "mails", runAt: runAt(-10), priority: 1 });
    await addTask(fixture, { queue: "mails", runAt: runAt(60) });
    await addTask(fixture, { queue: "other", runAt: runAt(-90) });
    await fixture.database.query(sql`
      update tasks set parked_for = 'CONCURRENCY_KEY' where id = ${(await addTask(fixture, { queue: "mails" })).id}`);
    const queue = (await only(findQueues(fixture.runtime, fixture.admin, [fixture.projectId], "mails")))!;
    const exactly = (count: number) => ({ count, isCapped: false });
    expect(await depth(queue)).toEqual({
      ready: exactly(3),
      running: exactly(2),
      parked: { TIME: exactly(1), CONCURRENCY_KEY: exactly(1), RATE_LIMIT: exactly(0) },
      oldestReadyAt: old.runAt,
    });
    const empty = await pauseQueue(fixture.runtime, fixture.admin, {
      projectId: fixture.projectId,
      queue: "empty",
      reason: "r",
    });
    expect(await depth(empty)).toMatchObject({ ready: exactly(0), running: exactly(0), oldestReadyAt: null });
  });
});
