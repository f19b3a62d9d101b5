import { InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { formatId } from "@muster/domain/ids.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { addTask, addWorker, eventsOf } from "../../test/workers.ts";
import { followUp, Hands, openFollowUps } from "../../test/workflows.ts";
import { seeToFollowUps } from "../follow-ups/see-to-follow-ups.ts";
import { cancelTask } from "../tasks/cancel-task.ts";
import { createTask } from "../tasks/create-task.ts";
import { createTasks } from "../tasks/create-tasks.ts";
import { retryTask } from "../tasks/retry-task.ts";
import { getTasks } from "../tasks/task-queries.ts";
import { getDependencies, listDependents } from "./dependency-queries.ts";

let fixture: Fixture;
let hands: Hands;
beforeAll(async () => {
  fixture = await createFixture();
  hands = new Hands(fixture, await addWorker(fixture, { maxConcurrency: 1_000 }));
});
afterAll(() => fixture.close());

const read = async (id: string) => (await getTasks(fixture.runtime, fixture.admin, [id]))[0]!;
const stateOf = async (id: string) => (await read(id)).state;
const after = (...dependsOn: string[]) => addTask(fixture, { dependsOn, maxFailures: 1 });
const cancel = (taskId: string) => cancelTask(fixture.runtime, fixture.admin, { taskId, reason: "not needed" });

describe("a task that depends on others", () => {
  it("waits for all of them, and is ready then", async () => {
    const [a, b] = [await addTask(fixture), await addTask(fixture)];
    const dependent = await after(a.id, b.id, a.id);
    expect(dependent).toMatchObject({ state: "WAITING", dependencyCondition: "ALL_SUCCEEDED" });
    await hands.complete(a.id, "from a");
    await followUp(fixture);
    expect(await stateOf(dependent.id)).toBe("WAITING");
    await hands.complete(b.id);
    await followUp(fixture);
    expect(await stateOf(dependent.id)).toBe("QUEUED");
    const found = (await getDependencies(fixture.runtime, fixture.admin, [dependent.id, a.id])).get(dependent.id);
    expect(found?.map(({ id, output }) => ({ id, output }))).toEqual([
      { id: a.id, output: "from a" },
      { id: b.id, output: null },
    ]);
    const dependents = await only(listDependents(fixture.runtime, fixture.admin, [a.id], { first: 5 }));
    expect(dependents.edges.map(({ node }) => node.id)).toEqual([dependent.id]);
  });

  it("is ready at once when they have succeeded already", async () => {
    const a = await addTask(fixture);
    await hands.complete(a.id);
    const dependent = await after(a.id);
    expect(dependent.state).toBe("QUEUED");
    expect((await eventsOf(fixture, dependent.id)).map(({ payload }) => payload["action"])).toEqual([
      "CREATE",
      "READY",
    ]);
    expect(await openFollowUps(fixture)).toBe(0);
  });

  it("is cancelled at once, with a reason, when one of them has failed already", async () => {
    const a = await addTask(fixture, { maxFailures: 1 });
    await hands.fail(a.id);
    const b = await addTask(fixture);
    const dependent = await after(b.id, a.id);
    const cancelReason = `It can no longer become ready: ${formatId("task", a.id)} is FAILED.`;
    expect(dependent).toMatchObject({ state: "CANCELLED", cancelReason });
    const anyway = await addTask(fixture, { dependsOn: [a.id], dependencyCondition: "ALL_ENDED" });
    expect(anyway.state).toBe("QUEUED");
    const any = await addTask(fixture, { dependsOn: [a.id, b.id], dependencyCondition: "ANY_SUCCEEDED" });
    expect(any.state).toBe("WAITING");
  });

  it("takes those with it that depend on it, when it can no longer become ready", async () => {
    const a = await addTask(fixture);
    const b = await after(a.id);
    const c = await after(b.id);
    const last = await addTask(fixture, { dependsOn: [c.id], dependencyCondition: "ALL_ENDED" });
    await cancel(a.id);
    await followUp(fixture);
    expect([await stateOf(b.id), await stateOf(c.id), await stateOf(last.id)]).toEqual([
      "CANCELLED",
      "CANCELLED",
      "QUEUED",
    ]);
    expect((await read(c.id)).cancelReason).toBe(
      `It can no longer become ready: ${formatId("task", b.id)} is CANCELLED.`,
    );
  });

  it("can be created with others in one call, and only once with its idempotency key", async () => {
    const a = await addTask(fixture);
    const task = { projectId: fixture.projectId, kind: "build", input: {} };
    const waiting = { ...task, dependsOn: [a.id], idempotencyKey: "dependent" };
    const tasks = [waiting, task, { ...task, dependsOn: [a.id] }];
    const created = await createTasks(fixture.runtime, fixture.admin, { tasks });
    expect(created.map((one) => one.task.state)).toEqual(["WAITING", "QUEUED", "WAITING"]);
    const again = await createTask(fixture.runtime, fixture.admin, { ...waiting, dependsOn: [created[1]!.task.id] });
    expect(again).toMatchObject({ repeated: true, task: { id: created[0]!.task.id } });
    const [ids] = (await getDependencies(fixture.runtime, fixture.admin, [again.task.id])).values();
    expect(ids?.map(({ id }) => id)).toEqual([a.id]);
  });

  it("is run again without waiting, and gets what the first one got", async () => {
    const a = await addTask(fixture);
    const dependent = await after(a.id);
    await hands.complete(a.id, "from a");
    await followUp(fixture);
    await hands.fail(dependent.id);
    const again = await retryTask(fixture.runtime, fixture.admin, { taskId: dependent.id });
    expect(again).toMatchObject({ state: "QUEUED", dependencyCondition: "ALL_SUCCEEDED" });
    const [outputs] = (await getDependencies(fixture.runtime, fixture.admin, [again.id])).values();
    expect(outputs?.map(({ output }) => output)).toEqual(["from a"]);
  });

  it("is one of thousands that wait for the same task: all are ready", async () => {
    const a = await addTask(fixture);
    const task = { projectId: fixture.projectId, kind: "build", input: {}, dependsOn: [a.id] };
    const created = await createTasks(fixture.runtime, fixture.admin, {
      tasks: Array.from({ length: 1_100 }, () => task),
    });
    await hands.complete(a.id);
    expect(await seeToFollowUps(fixture.runtime)).toEqual({ taken: 1, left: 1 });
    await followUp(fixture);
    const ids = created.map((one) => one.task.id);
    const [row] = await fixture.database.query<{ queued: number }>(
      sql`select count(*)::int as queued from tasks where id = any(${sql.param(ids)}::uuid[]) and state = 'QUEUED'`,
    );
    expect(row!.queued).toBe(1_100);
  });

  it("cannot depend on what is not there, is another project's, or is too much", async () => {
    const other = await addProject(fixture.database);
    const foreign = await addTask(fixture, other);
    const mine = await addTask(fixture);
    await expect(after(mine.id, "018f0000-0000-7000-8000-000000000000")).rejects.toThrow(NotFound);
    await expect(after(foreign.id)).rejects.toThrow(NotFound);
    const tenant = callerOf({ ...fixture.admin.actor, reach: other });
    const input = { ...other, kind: "build", input: {}, dependsOn: [mine.id] };
    await expect(createTask(fixture.runtime, tenant, input)).rejects.toThrow(NotFound);
    await expect(after(...Array.from({ length: 201 }, () => mine.id))).rejects.toThrow(InvalidInput);
    expect((await read(mine.id)).hasDependents).toBe(false);
  });
});

describe("at the same moment", () => {
  const ROUNDS = 25;

  it("a dependency ends while its dependent is created: the dependent never waits for ever", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const a = await addTask(fixture);
      // Where one waits for it already, a follow-up is written anyway, and may have been seen to before the next one is there.
      const first = round % 2 === 0 ? [] : [await after(a.id)];
      await hands.start(a.id);
      const [dependent] = await Promise.all([after(a.id), hands.complete(a.id).then(() => followUp(fixture))]);
      await followUp(fixture);
      expect(await stateOf(dependent.id)).toBe("QUEUED");
      for (const { id } of [dependent, ...first]) await cancel(id);
    }
  }, 120_000);

  it("a dependency that is about to end is waited for, also where another task waits for it already", async () => {
    const a = await addTask(fixture);
    const first = await after(a.id);
    let creating: ReturnType<typeof after> | undefined;
    let isCreated = false;
    await fixture.database.transaction(async (transaction) => {
      await transaction.query(
        sql`update tasks set state = 'SUCCEEDED', finished_at = clock_timestamp() where id = ${a.id}`,
      );
      creating = after(a.id);
      void creating.then(() => (isCreated = true));
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(isCreated).toBe(false);
    });
    const second = await creating!;
    expect(second.state).toBe("QUEUED");
    for (const { id } of [first, second]) await cancel(id);
  });

  it("two dependencies end, and two replicas see to it: the dependent is readied, once", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const [a, b] = [await addTask(fixture), await addTask(fixture)];
      const dependent = await after(a.id, b.id);
      await hands.start(a.id);
      await hands.start(b.id);
      await Promise.all([
        hands.complete(a.id).then(() => followUp(fixture)),
        hands.complete(b.id).then(() => followUp(fixture)),
      ]);
      await followUp(fixture);
      const readied = (await eventsOf(fixture, dependent.id)).filter(({ payload }) => payload["action"] === "READY");
      expect(readied).toHaveLength(1);
      await cancel(dependent.id);
    }
  }, 120_000);

  it("what another transaction has locked is left, and seen to when it is free", async () => {
    const a = await addTask(fixture);
    const dependent = await after(a.id);
    await hands.complete(a.id);
    await fixture.database.transaction(async (transaction) => {
      await transaction.query(sql`select from tasks where id = ${dependent.id} for no key update`);
      expect(await seeToFollowUps(fixture.runtime)).toEqual({ taken: 1, left: 1 });
    });
    expect(await stateOf(dependent.id)).toBe("WAITING");
    await followUp(fixture);
    expect(await stateOf(dependent.id)).toBe("QUEUED");
    expect(await openFollowUps(fixture)).toBe(0);
  });

  it("a follow-up that somebody else has taken up is left to them", async () => {
    const a = await addTask(fixture);
    const dependent = await after(a.id);
    await hands.complete(a.id);
    await fixture.database.transaction(async (transaction) => {
      await transaction.query(sql`select from task_follow_ups for no key update`);
      expect(await seeToFollowUps(fixture.runtime)).toEqual({ taken: 0, left: 0 });
    });
    await followUp(fixture);
    expect(await stateOf(dependent.id)).toBe("QUEUED");
  });
});
