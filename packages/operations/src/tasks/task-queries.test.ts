import { InvalidInput } from "@muster/domain/errors.ts";
import { formatId } from "@muster/domain/ids.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addProject, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { addTask, addWorker, type Worker } from "../../test/workers.ts";
import { claimReady } from "./claim-tasks.ts";
import type { TaskFilter } from "./task-filter.ts";
import { countTasksByState, listTasks } from "./task-queries.ts";
import type { TaskOrder } from "./task-order.ts";

let fixture: Fixture;
let worker: Worker;
let other: Worker;
const ids: string[] = [];
beforeAll(async () => {
  fixture = await createFixture();
  [worker, other] = [await addWorker(fixture, { maxConcurrency: 2 }), await addWorker(fixture)];
  const inputs = [
    { kind: "build", concurrencyKey: "key" },
    { kind: "build", priority: 5, queue: "nightly" },
    { kind: "build.all", priority: -5 },
    { kind: "lint", agentId: worker.id, runAt: new Date(Date.now() + 60_000) },
    { kind: "test", agentId: other.id },
  ];
  for (const input of inputs) ids.push((await addTask(fixture, input)).id);
  await claimReady(fixture.runtime, worker.caller, { ...worker, max: 10 });
  await fixture.database.query(
    sql`update tasks set state = 'SUCCEEDED', error = '{"kind": "lint"}', finished_at = clock_timestamp() where id = ${ids[2]}`,
  );
  await addTask(fixture, { projectId: (await addProject(fixture.database)).projectId });
});
afterAll(() => fixture.close());

const list = async (filter?: TaskFilter, order?: TaskOrder) => {
  const scope = { projectIds: [fixture.projectId] };
  const listing = { ...(filter ? { filter } : {}), order: order ?? null, page: {} };
  const page = await only(listTasks(fixture.runtime, fixture.admin, scope, listing));
  return page.edges.map((edge) => ids.indexOf(edge.node.id));
};

describe("listTasks", () => {
  it("gives the newest first, or the order asked for", async () => {
    expect(await list()).toEqual([4, 3, 2, 1, 0]);
    expect(await list({}, { field: "CREATED_AT", direction: "ASC" })).toEqual([0, 1, 2, 3, 4]);
    expect((await list({}, { field: "PRIORITY", direction: "DESC" }))[0]).toBe(1);
    expect((await list({}, { field: "PRIORITY", direction: "ASC" }))[0]).toBe(2);
    expect((await list({}, { field: "RUN_AT", direction: "DESC" }))[0]).toBe(3);
    expect((await list({}, { field: "FINISHED_AT", direction: "ASC" }))[0]).toBe(2);
  });

  it("filters", async () => {
    expect(await list({ ids: [ids[1]!, ids[3]!] })).toEqual([3, 1]);
    expect(await list({ ids: [] })).toEqual([]);
    expect(await list({ states: ["ASSIGNED"] })).toEqual([1, 0]);
    expect(await list({ states: ["ASSIGNED", "SUCCEEDED", "ASSIGNED"] })).toEqual([2, 1, 0]);
    expect(await list({ states: [] })).toEqual([]);
    expect(await list({ agent: worker.id })).toEqual([3, 1, 0]);
    expect(await list({ agent: worker.id, states: ["QUEUED", "ASSIGNED"], kinds: ["build"] })).toEqual([1, 0]);
    expect(await list({ agent: other.id })).toEqual([4]);
    expect(await list({ kinds: ["lint", "test"] })).toEqual([4, 3]);
    expect(await list({ queue: "nightly" })).toEqual([1]);
    expect(await list({ search: "build" })).toEqual([2, 1, 0]);
    expect(await list({ search: "build." })).toEqual([2]);
    expect(await list({ search: "%" })).toEqual([]);
    expect(await list({ search: ids[3]! })).toEqual([3]);
    expect(await list({ search: ` ${formatId("task", ids[4]!)} ` })).toEqual([4]);
    expect(await list({ concurrencyKey: "key" })).toEqual([0]);
    expect(await list({ errorKinds: ["lint", "other"] })).toEqual([2]);
    expect(await list({ errorKinds: ["lint"], states: ["FAILED"] })).toEqual([]);
    expect(await list({ workflow: ids[0]! })).toEqual([]);
    expect(await list({ schedule: ids[0]! })).toEqual([]);
    expect(await list({ createdAfter: new Date(Date.now() + 60_000) })).toEqual([]);
    expect(await list({ createdBefore: new Date(Date.now() + 60_000) })).toHaveLength(5);
    await expect(list({ search: "a\0" })).rejects.toThrow(InvalidInput);
  });

  it("pages both ways through merged states", async () => {
    const read = (page: object) =>
      only(
        listTasks(
          fixture.runtime,
          fixture.admin,
          { projectIds: [fixture.projectId] },
          { filter: { states: ["QUEUED", "ASSIGNED", "SUCCEEDED"] }, page },
        ),
      );
    const first = await read({ first: 2 });
    expect(first.edges.map((edge) => ids.indexOf(edge.node.id))).toEqual([4, 3]);
    const second = await read({ first: 2, after: first.edges[1]!.cursor });
    expect(second.edges.map((edge) => ids.indexOf(edge.node.id))).toEqual([2, 1]);
    const back = await read({ last: 2, before: second.edges[0]!.cursor });
    expect(back.edges).toEqual(first.edges);
    expect(await first.count()).toEqual({ count: 5, capped: false });
  });

  it("counts every state", async () => {
    const counts = await only(countTasksByState(fixture.runtime, fixture.admin, [fixture.projectId], { search: "b" }));
    expect(Object.fromEntries(counts.map(({ state, count }) => [state, count]))).toEqual({
      WAITING: 0,
      QUEUED: 0,
      ASSIGNED: 2,
      RUNNING: 0,
      CANCELLING: 0,
      SUCCEEDED: 1,
      FAILED: 0,
      CANCELLED: 0,
      EXPIRED: 0,
    });
  });
});
