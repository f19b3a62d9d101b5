import { InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, eventsOf } from "../../test/workers.ts";
import { newId } from "../new-id.ts";
import type { CreateTaskInput } from "./create-task-input.ts";
import { createTask } from "./create-task.ts";
import { createTasks } from "./create-tasks.ts";
import { readTask } from "./task-queries.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({ maxJsonBytes: 1_000 });
});
afterAll(() => fixture.close());

const build = (input: Partial<CreateTaskInput> = {}): CreateTaskInput => ({
  projectId: fixture.projectId,
  kind: "build",
  input: {},
  ...input,
});
const count = async () => {
  const [row] = await fixture.database.query<{ tasks: number; events: number }>(
    sql`select (select count(*) from tasks)::int as tasks, (select count(*) from events)::int as events`,
  );
  return row;
};

describe("createTask", () => {
  it("fills in what is not given", async () => {
    const task = await addTask(fixture);
    expect(task).toMatchObject({
      kind: "build",
      capability: "build",
      queue: "default",
      priority: 0,
      maxFailures: 3,
      state: "QUEUED",
    });
    expect(task).toMatchObject({
      backoffInitialMs: 1_000,
      backoffFactor: 2,
      backoffMaxMs: 300_000,
      backoffJitter: true,
      attempt: 0,
    });
    expect(task.runAt.getTime()).toBeLessThanOrEqual(Date.now());
    const [event] = await eventsOf(fixture, task.id);
    expect(event?.payload).toMatchObject({ from: null, to: "QUEUED", action: "CREATE", kind: "build", attempt: 0 });
    const worker = await addWorker(fixture);
    const targeted = await addTask(fixture, { agentId: worker.id });
    expect(targeted).toMatchObject({ capability: null, targetAgentId: worker.id });
    expect(await eventsOf(fixture, targeted.id)).toMatchObject([{ agentId: worker.id, taskId: targeted.id }]);
    expect(await addTask(fixture, { capability: "lint" })).toMatchObject({ capability: "lint" });
  });

  it("answers each task as its row is", async () => {
    const soon = new Date(Date.now() + 60_000);
    const all = {
      queue: "q",
      priority: 3,
      runAt: soon,
      deadline: new Date(soon.getTime() + 1_000),
      timeoutMs: 9,
      maxFailures: 2,
      backoff: { initialMs: 1, factor: 2, maxMs: 3 },
      retryRules: [{ errorKind: "e", retryable: false, backoff: { initialMs: 1, factor: 2, maxMs: 3, jitter: true } }],
      labels: { zone: "1" },
      idempotencyKey: "as its row",
      idempotencyWindowMs: 60_000,
      concurrencyKey: "c",
      concurrencyLimit: 4,
      resultTtlMs: 86_400_000,
    };
    for (const task of [await addTask(fixture), await addTask(fixture, all)]) {
      expect(task).toEqual(await readTask(fixture.database, fixture.admin, task.id));
    }
  });

  it.each([
    ["kind", { kind: "" }],
    ["kind", { kind: "a\0" }],
    ["kind", { kind: "\ud800" }],
    ["priority", { priority: 1_001 }],
    ["priority", { priority: 0.5 }],
    ["maxFailures", { maxFailures: 0 }],
    ["maxFailures", { maxFailures: 101 }],
    ["timeoutMs", { timeoutMs: 0 }],
    ["backoff", { backoff: { initialMs: -1, factor: 2, maxMs: 1 } }],
    ["input", { input: "x".repeat(1_000) }],
    ["input", { input: { n: 2 ** 53 } }],
    ["input", { input: JSON.parse('{"__proto__": 1}') as never }],
    ["input", { input: JSON.parse(`${"[".repeat(200)}${"]".repeat(200)}`) as never }],
    ["deadline", { deadline: new Date(Date.now() - 60_000) }],
  ])("refuses a bad %s", async (field, input) => {
    const before = await count();
    const failure = await createTask(fixture.runtime, fixture.admin, build(input)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InvalidInput);
    expect((failure as InvalidInput).issues[0]?.path[0]).toBe(field);
    expect(await count()).toEqual(before);
  });

  it("answers alike for agents and projects that are missing, of another project, or out of reach", async () => {
    const other = await addProject(fixture.database);
    const worker = await addWorker(fixture);
    for (const input of [
      { agentId: newId() },
      { agentId: worker.id, projectId: other.projectId },
      { projectId: newId() },
    ]) {
      await expect(createTask(fixture.runtime, fixture.admin, build(input))).rejects.toThrow(NotFound);
    }
    await expect(createTask(fixture.runtime, worker.caller, build({ projectId: other.projectId }))).rejects.toThrow(
      NotFound,
    );
    expect((await createTask(fixture.runtime, worker.caller, build())).task).toMatchObject({ state: "QUEUED" });
  });

  it("judges each caller by itself when calls that are alike are written together", async () => {
    const { workspaceId } = await addProject(fixture.database);
    const reach = { workspaceId, projectId: null };
    const stranger = callerOf({ kind: "API_KEY", name: "stranger", permissions: new Set(PERMISSIONS), reach });
    const other = callerOf({ kind: "API_KEY", name: "other", permissions: new Set(PERMISSIONS) });
    const input = { projectId: fixture.projectId, kind: "alike", input: {} };
    const callers = [
      fixture.admin,
      fixture.admin,
      stranger,
      other,
      stranger,
      fixture.admin,
      other,
      other,
      other,
      other,
    ];
    const results = await Promise.allSettled(callers.map((caller) => createTask(fixture.runtime, caller, input)));
    for (const [index, result] of results.entries()) {
      const caller = callers[index]!;
      if (caller === stranger) expect(result).toMatchObject({ status: "rejected", reason: new NotFound("project") });
      else {
        if (result.status === "rejected") throw result.reason;
        const [event] = await eventsOf(fixture, result.value.task.id);
        expect(event).toMatchObject({ actorName: caller.actor.name, payload: { action: "CREATE" } });
      }
    }
  });

  it("creates one task for an idempotency key, also when many ask at once", async () => {
    const before = await count();
    const asked = Array.from({ length: 20 }, (_, n) =>
      createTask(fixture.runtime, fixture.admin, build({ idempotencyKey: "k", input: n })),
    );
    const created = await Promise.all(asked);
    expect(new Set(created.map(({ task }) => task.id)).size).toBe(1);
    expect(created.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(await count()).toEqual({ tasks: before!.tasks + 1, events: before!.events + 1 });
    const { projectId } = await addProject(fixture.database);
    expect(await createTask(fixture.runtime, fixture.admin, build({ projectId, idempotencyKey: "k" }))).toMatchObject({
      repeated: false,
    });
  });
});

describe("createTasks", () => {
  it("creates thousands in the order given", async () => {
    const before = await count();
    const tasks = Array.from({ length: 2_500 }, (_, n) =>
      build({ input: n, ...(n % 3 === 0 ? { idempotencyKey: `many ${n % 2400}` } : {}) }),
    );
    const created = await createTasks(fixture.runtime, fixture.admin, { tasks });
    expect(created).toHaveLength(2_500);
    expect(created.every(({ task, repeated }, n) => repeated || task.input === n)).toBe(true);
    const repeated = created.flatMap((task, n) => (task.repeated ? [n] : []));
    expect(repeated).toEqual(Array.from({ length: 34 }, (_, n) => 2_400 + n * 3).filter((n) => n < 2_500));
    expect(created[2_400]?.task.id).toBe(created[0]?.task.id);
    expect((await count())!.tasks).toBe(before!.tasks + 2_500 - repeated.length);
  });

  it("puts tasks that the same agents can take into one lane, however that is said", async () => {
    const { runtime, admin, projectId, database } = fixture;
    const task = { projectId, capability: "paint", input: {} };
    const created = await createTasks(runtime, admin, {
      tasks: [
        { ...task, kind: "wall" },
        { ...task, kind: "door", queue: "default" },
        { projectId, kind: "paint", input: {}, labels: {} },
      ],
    });
    expect(new Set(created.map(({ task: { laneId } }) => laneId)).size).toBe(1);
    expect(await database.query(sql`select queue from lanes where capability = 'paint'`)).toEqual([
      { queue: "default" },
    ]);
  });

  it("creates all or none, and says where the problem is", async () => {
    const before = await count();
    const tasks = Array.from({ length: 1_500 }, (_, n) => build({ input: n }));
    const with_ = (n: number, input: Partial<CreateTaskInput>) => ({ tasks: tasks.with(n, build(input)) });
    await expect(createTasks(fixture.runtime, fixture.admin, with_(3, { kind: "" }))).rejects.toMatchObject({
      issues: [{ path: ["tasks", "3", "kind"] }],
    });
    await expect(
      createTasks(fixture.runtime, fixture.admin, with_(1_400, { deadline: new Date(0) })),
    ).rejects.toMatchObject({
      issues: [{ path: ["tasks", "1400", "deadline"] }],
    });
    await expect(createTasks(fixture.runtime, fixture.admin, with_(1_400, { agentId: newId() }))).rejects.toThrow(
      NotFound,
    );
    await expect(createTasks(fixture.runtime, fixture.admin, { tasks: [] })).rejects.toThrow(InvalidInput);
    await expect(
      createTasks(fixture.runtime, fixture.admin, { tasks: Array.from({ length: 10_001 }, () => build()) }),
    ).rejects.toThrow(InvalidInput);
    expect(await count()).toEqual(before);
  });

  it("does not deadlock with calls that have the same keys in another order", async () => {
    const keys = Array.from({ length: 300 }, (_, n) => `order ${n}`);
    const call = (order: readonly string[]) =>
      createTasks(fixture.runtime, fixture.admin, { tasks: order.map((idempotencyKey) => build({ idempotencyKey })) });
    const results = await Promise.all([call(keys), call(keys.toReversed()), call(keys), call(keys.toReversed())]);
    expect(results.flat().filter(({ repeated }) => !repeated)).toHaveLength(300);
    expect(new Set(results.flat().map(({ task }) => task.id)).size).toBe(300);
  });
});
