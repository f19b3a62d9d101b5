import { LimitExceeded } from "@muster/domain/errors.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addProject, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { insertDueTasks } from "../schedules/insert-due-tasks.ts";
import { openContext } from "../contexts/open-context.ts";
import { writeContext } from "../contexts/versions/write-context.ts";
import { updateWorkspace, type UpdateWorkspaceInput } from "../projects/update-workspace.ts";
import { readWorkspaceUsage } from "../projects/workspace-usage.ts";
import { createTask } from "../tasks/create-task.ts";
import { createTasks } from "../tasks/create-tasks.ts";
import { insertTasks, takeRoom } from "../tasks/insert-tasks.ts";
import { retryTask } from "../tasks/retry-task.ts";
import { createWorkflow } from "../workflows/create-workflow.ts";
import { measureStorage } from "./storage-quota.ts";

const AT_ONCE = 50;
const ROOM = 10;
let fixture: Fixture;
let place: { workspaceId: string; projectId: string };
beforeAll(async () => {
  fixture = await createFixture();
});
beforeEach(async () => {
  place = await addProject(fixture.database);
});
afterAll(() => fixture.close());

function limit(quotas: Omit<UpdateWorkspaceInput, "workspaceId">) {
  return updateWorkspace(fixture.runtime, fixture.admin, { workspaceId: place.workspaceId, ...quotas });
}

function create(input: unknown = null, idempotencyKey: string | null = null, projectId = place.projectId) {
  return createTask(fixture.runtime, fixture.admin, { projectId, kind: "build", input: input as null, idempotencyKey });
}

function createMany(number: number) {
  const tasks = Array.from({ length: number }, () => ({ projectId: place.projectId, kind: "build", input: null }));
  return createTasks(fixture.runtime, fixture.admin, { tasks });
}

async function taskCount(): Promise<number> {
  const [row] = await fixture.database.query<{ count: number }>(
    sql`select count(*)::int as count from tasks where workspace_id = ${place.workspaceId}`,
  );
  return row?.count ?? -1;
}

function usage() {
  return only(readWorkspaceUsage(fixture.runtime, fixture.admin, [place.workspaceId]));
}

/** What is stored, counted by another statement than the product's. */
async function storedBytes(): Promise<number> {
  const [row] = await fixture.database.query<{ bytes: number }>(sql`
    select (select coalesce(sum(length(convert_to(input::text, 'UTF8'))), 0) from tasks where workspace_id = ${place.workspaceId})
      + (select coalesce(sum(length(convert_to(output::text, 'UTF8'))), 0) from tasks where workspace_id = ${place.workspaceId})
      + (select coalesce(sum(length(convert_to(k.body, 'UTF8'))), 0) from context_contents k
         join contexts c on c.id = k.context_id where c.workspace_id = ${place.workspaceId}) as bytes`);
  return Number(row?.bytes);
}

function done<Result>(results: readonly PromiseSettledResult<Result>[], quota: string): Result[] {
  for (const result of results)
    if (result.status === "rejected") {
      expect(result.reason).toBeInstanceOf(LimitExceeded);
      expect(result.reason).toMatchObject({ limit: `workspace.${quota}` });
    }
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

describe("maxTasksPerMinute", () => {
  it("lets no more through than there is room for, of many at once in every way", async () => {
    await limit({ maxTasksPerMinute: ROOM });
    const results = await Promise.allSettled(
      Array.from({ length: AT_ONCE }, async (_, number) => {
        if (number % 5 === 1) return createMany(1);
        if (number % 5 === 2) {
          const task = { kind: "build", input: null };
          const tasks = [{ step: "only", task, dependsOn: [] }];
          return createWorkflow(fixture.runtime, fixture.admin, {
            projectId: place.projectId,
            name: "flow",
            onFailure: "CONTINUE",
            tasks,
          });
        }
        return create();
      }),
    );
    expect(done(results, "maxTasksPerMinute")).toHaveLength(ROOM);
    expect(await taskCount()).toBe(ROOM);
    expect(await usage()).toMatchObject({ tasksThisMinute: ROOM });
    const [refused] = results.flatMap((result) =>
      result.status === "rejected" ? [result.reason as LimitExceeded] : [],
    );
    expect(refused?.retryAfterMs).toBeGreaterThan(50_000);
    expect(refused?.retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it("takes many together or not at all, and begins anew after the minute", async () => {
    await limit({ maxTasksPerMinute: ROOM });
    await createMany(6);
    await expect(createMany(5)).rejects.toThrow(LimitExceeded);
    expect(await taskCount()).toBe(6);
    await createMany(4);
    await expect(create()).rejects.toThrow(LimitExceeded);
    await fixture.database.query(sql`update attempt_limits set ends_at = clock_timestamp()`);
    await createMany(ROOM);
    await expect(create()).rejects.toThrow(LimitExceeded);
  });

  it("does not count a repetition, and answers it also without room", async () => {
    await limit({ maxTasksPerMinute: 1 });
    const first = await create(null, "once");
    const again = await Promise.all(Array.from({ length: 5 }, () => create(null, "once")));
    expect(again.map(({ task, repeated }) => [task.id, repeated])).toEqual(again.map(() => [first.task.id, true]));
    await expect(create(null, "twice")).rejects.toThrow(LimitExceeded);
  });

  it("counts what is run again, and what schedules create without refusing it", async () => {
    await limit({ maxTasksPerMinute: 2 });
    const { task } = await create();
    await fixture.database.query(
      sql`update tasks set state = 'CANCELLED', finished_at = clock_timestamp() where id = ${task.id}`,
    );
    await retryTask(fixture.runtime, fixture.admin, { taskId: task.id });
    await expect(retryTask(fixture.runtime, fixture.admin, { taskId: task.id })).rejects.toThrow(LimitExceeded);
    const due = { projectId: place.projectId, kind: "build", input: null, resultTtlMs: null };
    const scheduleId = null as unknown as string;
    await fixture.database.transaction((transaction) =>
      insertDueTasks(transaction, fixture.admin, [{ scheduleId, task: due }]),
    );
    expect(await usage()).toMatchObject({ tasksThisMinute: 3 });
  });

  it("leaves others alone that are created together with those of a workspace that is full", async () => {
    await limit({ maxTasksPerMinute: 1 });
    const other = await addProject(fixture.database);
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, number) =>
        create(null, null, number % 2 === 0 ? place.projectId : other.projectId),
      ),
    );
    expect(done(results, "maxTasksPerMinute")).toHaveLength(11);
  });
});

describe("maxStorageBytes", () => {
  const input = { text: "x".repeat(1_000) };
  const bytes = Buffer.byteLength(`{"text": "${input.text}"}`);

  it("lets no more through than there is room for, of many at once", async () => {
    await create(input);
    await limit({ maxStorageBytes: bytes * (ROOM + 1) + 5 });
    expect(await usage()).toMatchObject({ storageBytes: bytes });
    const results = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => create(input)));
    expect(done(results, "maxStorageBytes")).toHaveLength(ROOM);
    expect(await usage()).toMatchObject({ storageBytes: bytes * (ROOM + 1) });
    expect(await storedBytes()).toBe(bytes * (ROOM + 1));
  });

  it("counts what contexts store, of many writers at once", async () => {
    const context = await openContext(fixture.runtime, fixture.admin, { projectId: place.projectId, name: "memory" });
    await limit({ maxStorageBytes: 10_000 });
    const write = (number: number) =>
      writeContext(fixture.runtime, fixture.admin, {
        contextId: context.id,
        data: { [`key${number}`]: String(number).padEnd(1_000, "x") },
      });
    const results = await Promise.allSettled(Array.from({ length: AT_ONCE }, (_, number) => write(100 + number)));
    const size = Buffer.byteLength(JSON.stringify({ key100: "x".repeat(1_000) }));
    expect(done(results, "maxStorageBytes")).toHaveLength(Math.floor(10_000 / size));
    expect(await usage()).toMatchObject({ storageBytes: await storedBytes() });
    expect(await storedBytes()).toBeLessThanOrEqual(10_000);
    // A rollback stores nothing, and what is there can be read and written again.
    await limit({ maxStorageBytes: null });
    await write(999);
    expect(await usage()).toMatchObject({ storageBytes: null });
  });

  it("is measured anew when outputs and retention have changed it, without losing what comes meanwhile", async () => {
    await limit({ maxStorageBytes: 1_000_000 });
    const { task } = await create(input);
    const grow = async (taskId: string) => {
      await fixture.database.query(sql`
        update tasks set output = jsonb_build_object('answer', coalesce(output ->> 'answer', '') || repeat('y', 500)) where id = ${taskId}`);
      await fixture.database.query(
        sql`update workspace_storage set measured_at = clock_timestamp() - interval '1 hour' where workspace_id = ${place.workspaceId}`,
      );
    };
    await measureStorage(fixture.database);
    expect(await usage()).toMatchObject({ storageBytes: bytes });
    await grow(task.id);
    let measuring: Promise<void> | undefined;
    await fixture.database.transaction(async (transaction) => {
      const asked = { position: 0, task: { projectId: place.projectId, kind: "build", input, resultTtlMs: null } };
      const created = await insertTasks(transaction, fixture.admin, [asked], () => []);
      await takeRoom(transaction, [...created.values()]);
      // It finds neither the task nor its bytes, and waits.
      measuring = measureStorage(fixture.database);
      await sleep(200);
    });
    await measuring;
    expect(await usage()).toMatchObject({ storageBytes: await storedBytes() });
    // Two servers that measure at once do not both add what they have found.
    await grow(task.id);
    let second: Promise<void> | undefined;
    await fixture.database.transaction(async (transaction) => {
      await measureStorage(transaction);
      second = measureStorage(fixture.database);
      await sleep(200);
    });
    await second;
    expect(await usage()).toMatchObject({ storageBytes: await storedBytes() });
  });
});
