import type { Connection, Database } from "@muster/database/database.ts";
import { type Statement, statement } from "@muster/database/statement.ts";
import { Forbidden } from "@muster/domain/errors.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { addTask, addWorker } from "../../test/workers.ts";
import { newId } from "../new-id.ts";
import { updateWorkspace } from "../projects/update-workspace.ts";
import { readQueueDepths } from "../queues/queue-depth.ts";
import { findQueues } from "../queues/queue-queries.ts";
import { updateQueue } from "../queues/update-queue.ts";
import type { Runtime } from "../runtime.ts";
import { claimReady } from "./claim-tasks.ts";
import { readTaskBlockers } from "./task-blockers.ts";
import { readTaskPositions } from "./task-position.ts";

describe("a task's position", () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await createFixture();
  });
  afterAll(() => fixture.close());

  it("is its place in the order in which tasks are handed out", async () => {
    const at = (seconds: number) => new Date(Date.now() - seconds * 1_000);
    const order = [
      await addTask(fixture, { priority: 5, runAt: at(20) }),
      await addTask(fixture, { priority: 5, runAt: at(10) }),
      await addTask(fixture, { priority: 0, runAt: at(90) }),
      await addTask(fixture, { priority: -1, runAt: at(99) }),
    ];
    const elsewhere = await addTask(fixture, { priority: 9, queue: "other" });
    const later = await addTask(fixture, { runAt: at(-60) });
    const waiting = await addTask(fixture, { dependsOn: [later.id] });
    const ids = [...order.toReversed(), elsewhere, later, waiting].map(({ id }) => id);
    const positions = async () =>
      [...(await readTaskPositions(fixture.runtime, fixture.admin, ids)).values()].map(
        (found) => found?.position ?? null,
      );
    expect(await positions()).toEqual([4, 3, 2, 1, 1, null, null]);
    expect(await only(readTaskPositions(fixture.runtime, fixture.admin, [order[2]!.id]))).toEqual({
      position: 3,
      isCapped: false,
    });
    const worker = await addWorker(fixture, { maxConcurrency: 10 });
    const claimed = await claimReady(fixture.runtime, worker.caller, { ...worker, max: 3 });
    expect(claimed.map(({ id }) => id).filter((id) => id !== elsewhere.id)).toEqual([order[0]!.id, order[1]!.id]);
    expect(await positions()).toEqual([2, 1, null, null, null, null, null]);
  });

  it("is not for those who may not read it", async () => {
    const task = await addTask(fixture);
    const reach = await addProject(fixture.database);
    const foreign = callerOf({ kind: "API_KEY", name: "foreign", permissions: new Set(PERMISSIONS), reach });
    expect(await only(readTaskPositions(fixture.runtime, foreign, [task.id]))).toBeNull();
    const unable = callerOf({ kind: "API_KEY", name: "unable", permissions: new Set() });
    await expect(readTaskPositions(fixture.runtime, unable, [task.id])).rejects.toThrow(Forbidden);
  });
});

describe("with a hundred thousand that wait", () => {
  const WAITING = 100_000;
  let fixture: Fixture;
  let ids: string[];

  beforeAll(async () => {
    fixture = await createFixture();
    const worker = await addWorker(fixture, { maxConcurrency: 500 });
    for (let n = 0; n < 20; n += 1) await addTask(fixture);
    await claimReady(fixture.runtime, worker.caller, { ...worker, max: 20 });
    const last = await addTask(fixture, { priority: -2 });
    await fixture.database.query(sql`
      insert into tasks (id, workspace_id, project_id, lane_id, kind, capability, input, priority, run_at)
      select gen_random_uuid(), workspace_id, project_id, lane_id, kind, capability, input, n % 3, run_at + interval '1 ms' * n
      from tasks, generate_series(1, ${WAITING}) n where id = ${last.id}`);
    await fixture.database.query(sql`
      insert into agents (id, workspace_id, project_id, definition_id, definition_version, name, state, capabilities)
      select gen_random_uuid(), workspace_id, project_id, definition_id, definition_version, 'a' || n, 'OFFLINE', array['x' || n]
      from agents, generate_series(1, 2000) n where id = ${worker.id}`);
    await fixture.database.query(sql.raw("vacuum analyze tasks, agents"));
    await updateQueue(fixture.runtime, fixture.admin, {
      projectId: fixture.projectId,
      queue: "default",
      maxRunning: 20,
    });
    await updateWorkspace(fixture.runtime, fixture.admin, { workspaceId: fixture.workspaceId, maxRunningTasks: 20 });
    const sample = await fixture.database.query<{ id: string }>(
      sql`select id from tasks where state = 'QUEUED' and priority >= 0 order by priority desc, run_at, id limit 9999 offset 0`,
    );
    ids = [last.id, ...sample.filter((_, n) => n % 200 === 0).map(({ id }) => id)];
  }, 120_000);
  afterAll(() => fixture.close());

  const cases = {
    position: (runtime: Runtime, some: readonly string[]) => readTaskPositions(runtime, fixture.admin, some),
    blockedBy: (runtime: Runtime, some: readonly string[]) => readTaskBlockers(runtime, fixture.admin, some),
  };

  it.each(Object.entries(cases))(
    "%s costs a lookup by index, and no more statements for fifty tasks than for one",
    async (_, read) => {
      const one = recorded(fixture);
      await read(one.runtime, ids.slice(0, 1));
      const many = recorded(fixture);
      await read(many.runtime, ids);
      expect(many.statements).toHaveLength(one.statements.length);
      expect(ids.length).toBeGreaterThan(50);
      for (const { statement: asked, values } of [...one.statements, ...many.statements]) {
        const plan = await explain(fixture.database, asked, values);
        expect(plan).not.toMatch(/Seq Scan on tasks|Seq Scan on agents|Sort Key: [^\n]*run_at/);
      }
    },
  );

  it.each(Object.entries(cases))("%s answers within 50 ms", async (_, read) => {
    await read(fixture.runtime, ids.slice(0, 1));
    const took: number[] = [];
    for (const some of [ids.slice(0, 1), ids.slice(1, 2), ids.slice(-1), ids.slice(0, 1), ids.slice(-1)]) {
      const start = performance.now();
      await read(fixture.runtime, some);
      took.push(performance.now() - start);
    }
    // The median: the machine may be busy with other things.
    expect(took.toSorted((a, b) => a - b)[2]).toBeLessThan(50);
  });

  it("counts to ten thousand and then says so", async () => {
    const positions = await readTaskPositions(fixture.runtime, fixture.admin, ids);
    expect(positions.get(ids[0]!)).toEqual({ position: 10_000, isCapped: true });
    expect(positions.get(ids[1]!)).toEqual({ position: 1, isCapped: false });
    expect(positions.get(ids[3]!)).toEqual({ position: 401, isCapped: false });
    const asked = recorded(fixture);
    const queue = await only(findQueues(fixture.runtime, fixture.admin, [fixture.projectId], "default"));
    const depth = await only(readQueueDepths(asked.runtime, fixture.admin, [queue!.id]));
    expect(depth.ready).toEqual({ count: 10_000, isCapped: true });
    expect(depth.running).toEqual({ count: 20, isCapped: false });
    for (const { statement: read, values } of asked.statements) {
      expect(await explain(fixture.database, read, values)).not.toMatch(/Seq Scan on tasks/);
    }
  });
});

interface Asked {
  readonly statement: Statement<unknown>;
  readonly values: readonly unknown[];
}

/** The same runtime, which notes what it asks the database. */
function recorded({ runtime }: Fixture): { readonly runtime: Runtime; readonly statements: readonly Asked[] } {
  const statements: Asked[] = [];
  const run: Connection["run"] = (asked, values) => {
    statements.push({ statement: asked, values });
    return runtime.database.run(asked, values);
  };
  return { runtime: { ...runtime, database: { ...runtime.database, run } }, statements };
}

/** The plan, and what running it took. */
async function explain(database: Database, { text }: Statement<unknown>, values: readonly unknown[]): Promise<string> {
  const plan = statement<{ "QUERY PLAN": string }>(`explain (analyze, buffers) /* ${newId()} */ ${text}`);
  return (await database.run(plan, values)).map((row) => row["QUERY PLAN"]).join("\n");
}
