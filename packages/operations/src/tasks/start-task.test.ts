import { Forbidden, LeaseLost, NotFound } from "@muster/domain/errors.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, agentRow, type Worker } from "../../test/workers.ts";
import { claimReady } from "./claim-tasks.ts";
import { startTask } from "./start-task.ts";
import { readTask } from "./task-queries.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

/** A task that is offered to an agent of its own. */
async function offered(): Promise<{ taskId: string; worker: Worker }> {
  const worker = await addWorker(fixture);
  const { id } = await addTask(fixture, { agentId: worker.id });
  await claimReady(fixture.runtime, worker.caller, { ...worker, max: 1 });
  return { taskId: id, worker };
}

it("is refused for an attempt that has been overtaken by another offer to the same agent", async () => {
  const { taskId, worker } = await offered();
  await fixture.database.query(sql`update tasks set attempt = 2 where id = ${taskId}`);
  await expect(startTask(fixture.runtime, worker.caller, { taskId, attempt: 1 })).rejects.toThrow(LeaseLost);
  expect(await readTask(fixture.database, fixture.admin, taskId)).toMatchObject({ state: "ASSIGNED", attempt: 2 });
});

it("of another tenant's task is like that of none", async () => {
  const { taskId } = await offered();
  const { workspaceId } = await addProject(fixture.database);
  const reach = { workspaceId, projectId: null };
  const stranger = callerOf({ kind: "API_KEY", name: "stranger", permissions: new Set(PERMISSIONS), reach });
  await expect(startTask(fixture.runtime, stranger, { taskId, attempt: 1 })).rejects.toThrow(NotFound);
  expect(await readTask(fixture.database, fixture.admin, taskId)).toMatchObject({ state: "ASSIGNED" });
});

it("shows that the agent takes what it is offered: missed offers are forgotten", async () => {
  const { taskId, worker } = await offered();
  await fixture.database.query(sql`update agents set missed_offers = 2 where id = ${worker.id}`);
  await startTask(fixture.runtime, worker.caller, { taskId, attempt: 1 });
  expect(await agentRow(fixture, worker.id)).toMatchObject({ missedOffers: 0, held: 1 });
});

it("leaves an offer alone that is taken back while it waits for it", async () => {
  const { taskId, worker } = await offered();
  let started: Promise<unknown> | undefined;
  await fixture.database.transaction(async (transaction) => {
    await transaction.query(
      sql`update tasks set state = 'QUEUED', version = version + 1, lease_until = null where id = ${taskId}`,
    );
    started = startTask(fixture.runtime, worker.caller, { taskId, attempt: 1 }).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 200));
  });
  expect(await started).toBeInstanceOf(LeaseLost);
  expect(await readTask(fixture.database, fixture.admin, taskId)).toMatchObject({ state: "QUEUED", startedAt: null });
});

it("is refused to an agent that was not offered it", async () => {
  const { taskId } = await offered();
  const other = await addWorker(fixture);
  await expect(startTask(fixture.runtime, other.caller, { taskId, attempt: 1 })).rejects.toThrow(Forbidden);
});
