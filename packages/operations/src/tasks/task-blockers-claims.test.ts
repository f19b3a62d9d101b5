import fc from "fast-check";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addProject, createFixture, type Fixture } from "../../test/fixtures.ts";
import { addTask, addWorker, type Worker } from "../../test/workers.ts";
import { seeToFollowUps } from "../follow-ups/see-to-follow-ups.ts";
import { updateWorkspace } from "../projects/update-workspace.ts";
import { pauseQueue } from "../queues/pause-queue.ts";
import { updateQueue } from "../queues/update-queue.ts";
import { setRateLimit } from "../rate-limits/set-rate-limit.ts";
import { cancelTask } from "./cancel-task.ts";
import { claimReady } from "./claim-tasks.ts";
import { readTaskBlockers } from "./task-blockers.ts";
import { readTaskPositions } from "./task-position.ts";

const HOUR = 3_600_000;
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const some = fc.constantFrom;

const agents = fc.array(
  fc.record({
    maxConcurrency: fc.integer({ min: 1, max: 3 }),
    capabilities: fc.subarray(["build", "lint"]),
    state: some("ONLINE" as const, "IDLE" as const, "IDLE" as const, "OFFLINE" as const, "MAINTENANCE" as const),
    region: optional(some("north", "south")),
    missedOffers: some(0, 0, 0, 3),
    pendingAction: some(null, null, null, "MAINTAIN"),
  }),
  { maxLength: 4 },
);
const tasks = fc.array(
  fc.record({
    capability: some("build", "build", "lint", "paint"),
    queue: some("a", "b"),
    priority: fc.integer({ min: -1, max: 1 }),
    agent: optional(fc.nat(3)),
    region: some(undefined, undefined, "north", "south"),
    concurrency: optional(fc.record({ key: some("k", "l"), limit: fc.integer({ min: 1, max: 2 }) })),
    rateLimitKey: some(undefined, undefined, "r"),
    delayed: some(false, false, false, true),
    dependsOnFirst: some(false, false, false, true),
    cancel: some(false, false, false, true),
  }),
  { minLength: 1, maxLength: 12 },
);
const limits = fc.record({
  workspace: optional(fc.integer({ min: 1, max: 4 })),
  queue: optional(fc.integer({ min: 1, max: 3 })),
  pause: some(false, false, true),
  rate: fc.integer({ min: 1, max: 3 }),
});

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

/** All claim, and what follows is seen to, until a whole round has handed out nothing. */
async function handOutAll(workers: readonly Worker[]): Promise<void> {
  for (let quiet = 0; quiet < 2;) {
    const given = await Promise.all(
      workers.map((worker) => claimReady(fixture.runtime, worker.caller, { ...worker, max: 10 })),
    );
    await seeToFollowUps(fixture.runtime);
    quiet = given.flat().length === 0 ? quiet + 1 : 0;
  }
}

it("a task that waits is blocked exactly when claims hand it to nobody", async () => {
  await fc.assert(
    fc.asyncProperty(agents, tasks, limits, async (fleet, plan, limit) => {
      const { runtime, admin, database } = fixture;
      const place = { ...fixture, ...(await addProject(database)) };
      const { projectId, workspaceId } = place;
      await setRateLimit(runtime, admin, { projectId, key: "r", max: limit.rate, periodMs: HOUR });
      const workers: Worker[] = [];
      for (const { region, missedOffers, pendingAction, ...options } of fleet) {
        const worker = await addWorker(fixture, options);
        await database.query(sql`
          update agents set project_id = ${projectId}, workspace_id = ${workspaceId}, labels = ${JSON.stringify(region ? { region } : {})}::jsonb,
            missed_offers = ${missedOffers}, pending_action = ${pendingAction} where id = ${worker.id}`);
        workers.push({ ...worker, caller: admin });
      }
      const created: string[] = [];
      for (const { agent, region, concurrency, delayed, dependsOnFirst, cancel, ...input } of plan) {
        const target = agent === undefined ? undefined : workers[agent]?.id;
        const task = await addTask(fixture, {
          ...input,
          projectId,
          ...(target ? { agentId: target } : {}),
          ...(region ? { labels: { region } } : {}),
          ...(concurrency ? { concurrencyKey: concurrency.key, concurrencyLimit: concurrency.limit } : {}),
          ...(delayed ? { runAt: new Date(Date.now() + HOUR) } : {}),
          ...(dependsOnFirst && created[0] ? { dependsOn: [created[0]] } : {}),
        });
        created.push(task.id);
        if (cancel && task.id !== created[0]) await cancelTask(runtime, admin, { taskId: task.id, reason: "r" });
      }
      await updateWorkspace(runtime, admin, { workspaceId, maxRunningTasks: limit.workspace ?? null });
      await updateQueue(runtime, admin, { projectId, queue: "a", maxRunning: limit.queue ?? null });
      if (limit.pause) await pauseQueue(runtime, admin, { projectId, queue: "b", reason: "r" });
      await handOutAll(workers);
      const waiting = await database.query<{ id: string }>(
        sql`select id from tasks where project_id = ${projectId} and state in ('WAITING', 'QUEUED')`,
      );
      const ids = waiting.map(({ id }) => id);
      const blockers = await readTaskBlockers(runtime, admin, ids);
      for (const id of ids) expect(blockers.get(id), `${id} waits, and nothing blocks it`).not.toEqual([]);
      const standing = await database.query<{ id: string }>(
        sql`select id from tasks where project_id = ${projectId} and state = 'QUEUED' and parked_for is null`,
      );
      const positions = await readTaskPositions(runtime, admin, created);
      const placed = created.filter((id) => positions.get(id) !== null);
      expect(placed.toSorted()).toEqual(standing.map(({ id }) => id).toSorted());
    }),
    { numRuns: 40 },
  );
}, 240_000);
