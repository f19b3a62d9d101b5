import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectSettled } from "../../test/consistency.ts";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { assignmentTimes, mostHeldAtOnce } from "../../test/held-at-once.ts";
import { withReplicas } from "../../test/replica.ts";
import { workThrough } from "../../test/work-through.ts";
import { addTask, addWorker } from "../../test/workers.ts";
import { updateWorkspace } from "../projects/update-workspace.ts";
import { updateQueue } from "../queues/update-queue.ts";
import { setRateLimit } from "../rate-limits/set-rate-limit.ts";
import { cancelTask } from "./cancel-task.ts";

const TASKS = 200;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const held = (where: ReturnType<typeof sql>) =>
  sql`select count(*)::int as held from tasks where state in ('ASSIGNED', 'RUNNING', 'CANCELLING') and ${where}`;

/** Each sets a limit of one task, and gives the settings of tasks that fall under it. */
const LIMITS = {
  async queue() {
    const target = { projectId: fixture.projectId, queue: "single" };
    await updateQueue(fixture.runtime, fixture.admin, { ...target, maxRunning: 1 });
    return { queue: "single" };
  },
  async workspace() {
    await updateWorkspace(fixture.runtime, fixture.admin, { workspaceId: fixture.workspaceId, maxRunningTasks: 1 });
    return {};
  },
  async rate(round: number) {
    // A new one each time: its token does not come back while the test runs.
    const key = `one a day ${round}`;
    const limit = { projectId: fixture.projectId, key, max: 1, periodMs: 86_400_000 };
    await setRateLimit(fixture.runtime, fixture.admin, limit);
    return { rateLimitKey: key };
  },
  async key() {
    return { concurrencyKey: "single" };
  },
} as const;

describe("eight replicas, each with an agent that has tasks of its own", () => {
  // Nothing but the limit itself is between them: no two want the same task, agent or lane.
  it.each(["queue", "workspace", "rate", "key"] as const)(
    "hand out one task under a limit of one: %s",
    async (which) => {
      await withReplicas(fixture, 8, async (replicas) => {
        const workers = await Promise.all(replicas.map(() => addWorker(fixture, { maxConcurrency: 10 })));
        for (let round = 0; round < 8; round += 1) {
          const limited = await LIMITS[which](round);
          const tasks = await Promise.all(workers.map(({ id: agentId }) => addTask(fixture, { agentId, ...limited })));
          const given = await Promise.all(replicas.map((replica, index) => replica.claim(workers[index]!, 10)));
          expect(given.flat()).toHaveLength(1);
          const cancelled = tasks.map(({ id: taskId }) =>
            cancelTask(fixture.runtime, fixture.admin, { taskId, reason: "seen" }),
          );
          await Promise.all(cancelled);
        }
        await expectSettled(fixture.database);
      });
      await updateWorkspace(fixture.runtime, fixture.admin, {
        workspaceId: fixture.workspaceId,
        maxRunningTasks: null,
      });
    },
  );
});

describe("50 claimers on 200 tasks", () => {
  it("of a queue with a limit: never more at once, and all are done", async () => {
    const [queue, maxRunning] = ["narrow", 5];
    await updateQueue(fixture.runtime, fixture.admin, { projectId: fixture.projectId, queue, maxRunning });
    const tasks = Array.from({ length: TASKS }, () => ({ queue }));
    expect(await workThrough(fixture, tasks, held(sql`queue = ${queue}`))).toBeLessThanOrEqual(maxRunning);
    const most = (await mostHeldAtOnce(fixture.database, sql`t.queue`)).get(queue);
    expect(most).toBeLessThanOrEqual(maxRunning);
    expect(most, "the room is used").toBeGreaterThan(2);
  }, 60_000);

  it("of a workspace with a limit, in several queues: never more at once, and all are done", async () => {
    const { workspaceId } = fixture;
    await updateWorkspace(fixture.runtime, fixture.admin, { workspaceId, maxRunningTasks: 6 });
    const tasks = Array.from({ length: TASKS }, (_, n) => ({ queue: `queue ${n % 3}`, priority: n % 2 }));
    expect(await workThrough(fixture, tasks, held(sql`workspace_id = ${workspaceId}`))).toBeLessThanOrEqual(6);
    const ofWorkspace = sql`case when t.queue like 'queue %' then t.workspace_id end`;
    const most = (await mostHeldAtOnce(fixture.database, ofWorkspace)).get(workspaceId);
    expect(most).toBeLessThanOrEqual(6);
    expect(most, "the room is used").toBeGreaterThan(2);
    await updateWorkspace(fixture.runtime, fixture.admin, { workspaceId, maxRunningTasks: null });
  }, 60_000);

  it("under a rate limit: in no span of time more than it lets through, and all are done", async () => {
    const [key, max, periodMs] = ["calls", 60, 1_000];
    await setRateLimit(fixture.runtime, fixture.admin, { projectId: fixture.projectId, key, max, periodMs });
    const tasks = Array.from({ length: TASKS }, () => ({ rateLimitKey: key }));
    await workThrough(fixture, tasks, held(sql`rate_limit_key = ${key}`));
    const at = await assignmentTimes(fixture.database, key);
    expect(at).toHaveLength(TASKS);
    // A bucket that is full at first and is filled evenly. An assignment has its time a moment before it takes its token.
    const allowed = (seconds: number) => max + (seconds * 1_000 * max) / periodMs + 1;
    const over = at.flatMap((from, first) =>
      at.flatMap((to, last) =>
        last >= first && last - first + 1 > allowed(to - from) ? [`${last - first + 1} in ${to - from} s`] : [],
      ),
    );
    expect(over).toEqual([]);
    expect((at.at(-1) ?? 0) - (at[0] ?? 0), "the rate is used").toBeLessThan(10);
  }, 60_000);
});
