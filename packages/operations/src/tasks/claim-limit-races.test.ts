import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { assignmentTimes, mostHeldAtOnce } from "../../test/held-at-once.ts";
import { workThrough } from "../../test/work-through.ts";
import { updateWorkspace } from "../projects/update-workspace.ts";
import { updateQueue } from "../queues/update-queue.ts";
import { setRateLimit } from "../rate-limits/set-rate-limit.ts";

const TASKS = 200;

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const held = (where: ReturnType<typeof sql>) =>
  sql`select count(*)::int as held from tasks where state in ('ASSIGNED', 'RUNNING', 'CANCELLING') and ${where}`;

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
