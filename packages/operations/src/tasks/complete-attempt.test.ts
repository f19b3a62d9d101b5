import { Forbidden, LeaseLost, NotFound } from "@muster/domain/errors.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, agentRow, eventsOf, type Worker } from "../../test/workers.ts";
import type { CreateTaskInput } from "./create-task-input.ts";
import { claimReady } from "./claim-tasks.ts";
import { completeTask } from "./complete-task.ts";
import { startTask } from "./start-task.ts";
import { readTask } from "./task-queries.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

/** A task that this agent runs. */
async function running(
  worker: Worker,
  input: Partial<CreateTaskInput> = {},
): Promise<{ taskId: string; attempt: number }> {
  const { id: taskId } = await addTask(fixture, { agentId: worker.id, ...input });
  await claimReady(fixture.runtime, worker.caller, { ...worker, max: 1 });
  await startTask(fixture.runtime, worker.caller, { taskId, attempt: 1 });
  return { taskId, attempt: 1 };
}

const stateOf = async (taskId: string) => (await readTask(fixture.database, fixture.admin, taskId))?.state;

it("gives each of those written together its own output, and says who completed it", async () => {
  const workers = await Promise.all(Array.from({ length: 6 }, () => addWorker(fixture)));
  const runs = await Promise.all(workers.map((worker) => running(worker)));
  const outputs = [{ n: 0 }, null, [2], "three", 4, false];
  await Promise.all(
    runs.map((run, n) => completeTask(fixture.runtime, workers[n]!.caller, { ...run, output: outputs[n] ?? null })),
  );
  for (const [n, { taskId }] of runs.entries()) {
    expect(await readTask(fixture.database, fixture.admin, taskId)).toMatchObject({
      state: "SUCCEEDED",
      output: outputs[n],
      leaseUntil: null,
      error: null,
    });
    expect((await eventsOf(fixture, taskId)).at(-1)).toMatchObject({
      payload: { action: "COMPLETE", from: "RUNNING", to: "SUCCEEDED", attempt: 1 },
      agentId: workers[n]!.id,
      actorKind: "AGENT",
      actorName: workers[n]!.caller.actor.name,
    });
    expect(await agentRow(fixture, workers[n]!.id)).toMatchObject({ state: "IDLE", activeTasks: 0, held: 0 });
  }
});

it("stores no output as none", async () => {
  const worker = await addWorker(fixture, { maxConcurrency: 2 });
  const [silent, talking] = [await running(worker), await running(worker)];
  await Promise.all([
    completeTask(fixture.runtime, worker.caller, silent),
    completeTask(fixture.runtime, worker.caller, { ...talking, output: { said: true } }),
  ]);
  const rows = await fixture.database.query<{ none: boolean }>(
    sql`select output is null as none from tasks where id = ${silent.taskId}`,
  );
  expect(rows).toEqual([{ none: true }]);
});

it("is refused to others: another agent, another tenant", async () => {
  const [worker, other] = [await addWorker(fixture), await addWorker(fixture)];
  const run = await running(worker);
  await expect(completeTask(fixture.runtime, other.caller, run)).rejects.toThrow(Forbidden);
  const { workspaceId } = await addProject(fixture.database);
  const reach = { workspaceId, projectId: null };
  const stranger = callerOf({ kind: "API_KEY", name: "stranger", permissions: new Set(PERMISSIONS), reach });
  await expect(completeTask(fixture.runtime, stranger, run)).rejects.toThrow(NotFound);
  expect(await stateOf(run.taskId)).toBe("RUNNING");
});

it("is refused before the start, and for an attempt that another has overtaken", async () => {
  const worker = await addWorker(fixture, { maxConcurrency: 2 });
  const { id: taskId } = await addTask(fixture, { agentId: worker.id });
  await claimReady(fixture.runtime, worker.caller, { ...worker, max: 1 });
  await expect(completeTask(fixture.runtime, worker.caller, { taskId, attempt: 1 })).rejects.toThrow(LeaseLost);
  expect(await stateOf(taskId)).toBe("ASSIGNED");
  const run = await running(worker);
  await fixture.database.query(sql`update tasks set attempt = 2 where id = ${run.taskId}`);
  await expect(completeTask(fixture.runtime, worker.caller, run)).rejects.toThrow(LeaseLost);
  expect(await stateOf(run.taskId)).toBe("RUNNING");
});

it("leaves a task alone that something else has moved while it waited for the agent", async () => {
  const worker = await addWorker(fixture);
  const run = await running(worker);
  let completed: Promise<unknown> | undefined;
  await fixture.database.transaction(async (transaction) => {
    await transaction.query(sql`select from agents where id = ${worker.id} for no key update`);
    completed = completeTask(fixture.runtime, worker.caller, run).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await transaction.query(
      sql`update tasks set state = 'QUEUED', version = version + 1, lease_until = null where id = ${run.taskId}`,
    );
    await transaction.query(sql`update agents set active_tasks = 0, state = 'IDLE' where id = ${worker.id}`);
  });
  expect(await completed).toBeInstanceOf(LeaseLost);
  expect(await stateOf(run.taskId)).toBe("QUEUED");
  expect(await agentRow(fixture, worker.id)).toMatchObject({ activeTasks: 0 });
  await fixture.database.query(sql`update tasks set state = 'CANCELLED' where id = ${run.taskId}`);
});

it("lets the action fire that waited for the agent's last task", async () => {
  const worker = await addWorker(fixture);
  const run = await running(worker);
  await fixture.database.query(sql`
    update agents set pending_action = 'STOP', pending_reason = 'test', pending_since = clock_timestamp(),
      pending_actor = '{"kind":"SYSTEM","id":null,"name":"test"}' where id = ${worker.id}`);
  await completeTask(fixture.runtime, worker.caller, run);
  expect(await agentRow(fixture, worker.id)).toMatchObject({ state: "OFFLINE", activeTasks: 0, held: 0 });
});

it.each([["a concurrency key", { concurrencyKey: "one" }, 1] as const, ["nothing", {}, 0] as const])(
  "says that others may have waited for a task with %s",
  async (_, input, followUps) => {
    const worker = await addWorker(fixture);
    const { taskId, attempt } = await running(worker, input);
    await completeTask(fixture.runtime, worker.caller, { taskId, attempt });
    const rows = await fixture.database.query(sql`select task_id from task_follow_ups where task_id = ${taskId}`);
    expect(rows).toHaveLength(followUps);
    expect((await eventsOf(fixture, taskId)).at(-1)?.payload["followUp"]).toBe(followUps === 1 ? true : undefined);
  },
);
