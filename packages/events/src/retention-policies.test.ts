import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  addPlace,
  attached,
  countEvents,
  createRetentionFixture,
  enforceUntilRemoved,
  insertOldEvents,
  type Place,
  type RetentionFixture,
} from "../test/retention-fixture.ts";
import { locateCursor, presentCursor } from "./locate.ts";
import { retainedSince } from "./retention-bound.ts";
import { doomedQuery } from "./retention-policies.ts";

// Transactions of other tests on the same server are waited for.
vi.setConfig({ testTimeout: 90_000 });

let fixture: RetentionFixture;
let short: Place;
let long: Place;
beforeEach(async () => {
  fixture = await createRetentionFixture();
  [short, long] = [await addPlace(fixture.database, 7), await addPlace(fixture.database)];
});
afterEach(() => fixture.close());

const DAY_MS = 86_400_000;

async function fill(): Promise<void> {
  for (const place of [short, long]) await insertOldEvents(fixture.database, place, 3_500, 10);
  for (const place of [short, long]) await insertOldEvents(fixture.database, place, 1_000, 0);
}

it("removes a workspace's events by its own policy, and nobody else's", async () => {
  const { database } = fixture;
  await insertOldEvents(database, { ...short, projectId: null as never }, 10, 10);
  await fill();
  const early = Date.now() - 7 * DAY_MS;
  const { deletedEvents, droppedPartitions } = await enforceUntilRemoved(fixture.retention());
  expect(droppedPartitions).toEqual([]);
  expect(deletedEvents).toBe(3_510);
  expect(await countEvents(database, short)).toBe(1_000);
  expect(await countEvents(database, long)).toBe(4_500);
  const [left] = await database.query(
    sql`select count(*)::int as count from events where workspace_id = ${short.workspaceId} and project_id is null`,
  );
  expect(left).toEqual({ count: 0 });
  const since = await retainedSince(database, [short.projectId, long.projectId]);
  expect(since.get(long.projectId)).toBeNull();
  expect(since.get(short.projectId)?.getTime()).toBeGreaterThanOrEqual(early);
  expect(since.get(short.projectId)?.getTime()).toBeLessThan(Date.now() - 7 * DAY_MS + 1);
  expect(await attached(database)).toContain("events_0");
});

it("takes the installation's days where a workspace says nothing, though another one's are more", async () => {
  const { database } = fixture;
  await database.query(sql`update workspaces set event_retention_days = 30 where id = ${short.workspaceId}`);
  await fill();
  const { droppedPartitions } = await enforceUntilRemoved(fixture.retention({ days: 8 }));
  expect(droppedPartitions).toEqual([]);
  expect(await countEvents(database, short)).toBe(4_500);
  expect(await countEvents(database, long)).toBe(1_000);
});

it("removes the rest that a crash has left below a bound", async () => {
  const { database } = fixture;
  await fill();
  await database.query(sql`
    update workspaces set events_retained_from_id = 2000, events_retained_since = clock_timestamp() where id = ${short.workspaceId}`);
  expect(await fixture.retention().enforce()).toEqual({ droppedPartitions: [], deletedEvents: 1_999 });
  expect(await countEvents(database, short)).toBe(2_501);
});

it("lets readers know before it removes anything, and goes on where it was held up", async () => {
  const { database } = fixture;
  const early = await presentCursor(database);
  await fill();
  const retention = fixture.retention();
  await database.transaction(async (transaction) => {
    await transaction.query(sql`lock table events_3000 in share mode`);
    await expect
      .poll(() => retention.enforce().then(String, (error: { code?: string }) => error.code), { timeout: 60_000 })
      .toBe("55P03");
    expect(await locateCursor(database, early, { projectId: short.projectId })).toMatchObject({
      reason: "CURSOR_EXPIRED",
    });
    expect(await countEvents(database, short)).toBe(2_500);
  });
  expect((await retention.enforce())?.deletedEvents).toBe(1_500);
});

it("raises a workspace's bound once an hour, and at once for a policy that has become shorter", async () => {
  const { database } = fixture;
  await fill();
  const retention = fixture.retention();
  await enforceUntilRemoved(retention);
  await database.query(sql`
    update events set at = clock_timestamp() - interval '7 days' where project_id = ${short.projectId} and id < 8500`);
  expect((await retention.enforce())?.deletedEvents).toBe(0);
  await database.query(sql`update workspaces set event_retention_days = 3 where id = ${short.workspaceId}`);
  expect((await enforceUntilRemoved(retention)).deletedEvents).toBeGreaterThan(0);
});

it("keeps what tells how the present came to be, through both ways of removing", async () => {
  const { database } = fixture;
  const [agent, context, running, ended] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  for (const [id, state] of [
    [running, "RUNNING"],
    [ended, "SUCCEEDED"],
  ]) {
    await database.query(sql`
      with lane as (
        insert into lanes (workspace_id, project_id, queue, capability, required_labels)
        values (${short.workspaceId}, ${short.projectId}, 'default', ${state}, '{}') returning id
      )
      insert into tasks (id, workspace_id, project_id, lane_id, kind, capability, state, input)
      select ${id}, ${short.workspaceId}, ${short.projectId}, lane.id, 'test', ${state}, ${state}, '{}' from lane`);
  }
  const told: [label: string, type: string, ids: Record<string, string>, payload: object][] = [
    ["old suspension", "agent.transitioned", { agent }, { action: "SUSPEND", to: "SUSPENDED" }],
    ["new suspension", "agent.transitioned", { agent }, { action: "SUSPEND", to: "SUSPENDED" }],
    ["update", "agent.updated", { agent }, {}],
    ["assignment", "agent.transitioned", { agent }, { action: "ASSIGN", to: "BUSY" }],
    ["first version", "context.version_written", { context }, {}],
    ["second version", "context.version_written", { context }, {}],
    ["opened", "context.opened", { context }, {}],
    ["queued", "task.transitioned", { task: running, agent }, { to: "QUEUED" }],
    ["running", "task.transitioned", { task: running, agent }, { to: "RUNNING" }],
    ["succeeded", "task.transitioned", { task: ended, agent }, { to: "SUCCEEDED" }],
  ];
  for (const [label, type, ids, payload] of told) {
    await database.query(sql`
      insert into events (workspace_id, project_id, type, subject_id, subject_version, agent_id, context_id, task_id, actor_kind, actor_name, reason, payload, at)
      values (${short.workspaceId}, ${short.projectId}, ${type}, ${ids["task"] ?? ids["context"] ?? ids["agent"]}, 1, ${ids["agent"] ?? null},
        ${ids["context"] ?? null}, ${ids["task"] ?? null}, 'API_KEY', 'test', ${label}, ${JSON.stringify(payload)}, clock_timestamp() - interval '40 days')`);
  }
  await insertOldEvents(database, short, 1_500, 40);
  await fill();
  const kept = async () =>
    (await database.query<{ reason: string }>(sql`select reason from events where reason is not null order by id`)).map(
      ({ reason }) => reason,
    );
  const expected = ["new suspension", "assignment", "second version", "running"];

  await enforceUntilRemoved(fixture.retention());
  expect(await kept()).toEqual(expected);
  await enforceUntilRemoved(fixture.retention({ days: 30 }));
  expect((await attached(database))[0]).toBe("events_before_5000");
  expect(await kept()).toEqual(expected);
  // What is overtaken meanwhile goes with the next partitions.
  await database.query(sql`update events set at = at - interval '40 days' where id < 8000`);
  await database.query(sql`
    update events set type = 'agent.transitioned', agent_id = ${agent}, subject_id = ${agent}, reason = 'newest',
      payload = '{"action": "RESUME"}' where id = (select max(id) from events where project_id = ${long.projectId} and id < 6000)`);
  await enforceUntilRemoved(fixture.retention({ days: 30 }));
  expect((await attached(database))[0]).toBe("events_before_8000");
  expect(await kept()).toEqual(["second version", "running", "newest"]);
});

it("finds what is to go by an index, from where it was, and deletes while others write", async () => {
  const { database } = fixture;
  for (let part = 0; part < 8; part += 1) {
    await insertOldEvents(database, short, 1_000, 10);
    await insertOldEvents(database, long, 1_000, 10);
  }
  await fill();
  await database.query(sql`analyze events`);
  const query = doomedQuery(sql`e.project_id = ${short.projectId}::uuid`, 9_000n, "5500");
  const plan = (await database.query<{ "QUERY PLAN": string }>(sql`explain (analyze, costs off) ${query}`)).map(
    (row) => row["QUERY PLAN"],
  );
  const scans = plan.filter((line) => / on events_\d+ e/.test(line) && !line.includes("never executed"));
  expect(scans.length).toBeGreaterThan(0);
  for (const scan of scans) expect(scan).toMatch(/Index.* Scan using events_(5|6|7|8)\d\d\d_/);

  let [slowest, written, writing] = [0, 0, true];
  const writer = (async () => {
    for (; writing; written += 1) {
      const begun = performance.now();
      await insertOldEvents(database, short, 1, 0);
      slowest = Math.max(slowest, performance.now() - begun);
      await sleep(5);
    }
  })();
  const { deletedEvents } = await enforceUntilRemoved(fixture.retention());
  writing = false;
  await writer;
  expect(deletedEvents).toBe(11_500);
  expect(await countEvents(database, short)).toBe(1_000 + written);
  expect(slowest).toBeLessThan(1_500);
});
