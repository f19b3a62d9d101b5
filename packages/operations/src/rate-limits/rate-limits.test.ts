import { Conflict, Forbidden, InvalidInput, NotFound } from "@muster/domain/errors.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { addTask, addWorker, eventsOf } from "../../test/workers.ts";
import { claimReady } from "../tasks/claim-tasks.ts";
import { deleteRateLimit } from "./delete-rate-limit.ts";
import { getRateLimits, listRateLimits } from "./rate-limit-queries.ts";
import { setRateLimit } from "./set-rate-limit.ts";

const HOUR = 3_600_000;

let fixture: Fixture;
beforeEach(async () => {
  fixture = await createFixture();
});
afterEach(() => fixture.close());

const mails = () => ({ projectId: fixture.projectId, key: "mails" });
const set = (max: number, periodMs: number, more: object = {}) =>
  setRateLimit(fixture.runtime, fixture.admin, { ...mails(), max, periodMs, ...more });
const remove = (more: object = {}) => deleteRateLimit(fixture.runtime, fixture.admin, { ...mails(), ...more });

/** `count` tasks with the key, and a claim that was given what the limit lets through: the rest waits for tokens. */
async function exhaust(count: number) {
  const worker = await addWorker(fixture, { maxConcurrency: 1_000 });
  for (let n = 0; n < count; n += 1) await addTask(fixture, { rateLimitKey: "mails" });
  const claim = () => claimReady(fixture.runtime, worker.caller, { ...worker, max: 1_000 });
  return { given: (await claim()).length, claim };
}

async function waits(): Promise<{ parkedFor: string; inMs: number }[]> {
  return fixture.database.query(sql`
    select parked_for as "parkedFor", extract(epoch from parked_until - clock_timestamp())::float8 * 1000 as "inMs" from tasks
    where state = 'QUEUED' and parked_for is not null order by parked_until`);
}

describe("a rate limit", () => {
  it("begins full, is changed with its tokens kept, and each change has an event", async () => {
    const created = await set(10, HOUR);
    expect(created).toMatchObject({ key: "mails", max: 10, periodMs: HOUR, version: 1, available: 10 });
    await fixture.database.query(sql`update rate_limits set tokens = 4, refilled_at = clock_timestamp()`);
    expect(await set(20, HOUR)).toMatchObject({ max: 20, version: 2, available: 4 });
    expect(await set(3, HOUR)).toMatchObject({ max: 3, version: 3, available: 3 });
    expect(await set(3, HOUR)).toMatchObject({ version: 3 });
    expect(await remove()).toMatchObject({ max: 3, version: 3 });
    expect(await getRateLimits(fixture.runtime, fixture.admin, [created.id])).toEqual([]);
    expect(await eventsOf(fixture, created.id)).toMatchObject([
      {
        type: "rate_limit.created",
        subjectVersion: 1,
        actorName: "admin",
        payload: { key: "mails", max: 10, periodMs: HOUR },
      },
      { type: "rate_limit.updated", subjectVersion: 2, payload: { max: 20 } },
      { type: "rate_limit.updated", subjectVersion: 3, payload: { max: 3 } },
      { type: "rate_limit.deleted", subjectVersion: 4 },
    ]);
  });

  it("gets its tokens back evenly and never more than it holds", async () => {
    const limit = await set(10, 10_000);
    const at = async (tokens: number, elapsed: string) => {
      await fixture.database.query(
        sql`update rate_limits set tokens = ${tokens}, refilled_at = clock_timestamp() - ${elapsed}::interval`,
      );
      return (await getRateLimits(fixture.runtime, fixture.admin, [limit.id]))[0]?.available;
    };
    expect(await at(0, "0.5 s")).toBe(0);
    expect(await at(0, "3.1 s")).toBe(3);
    expect(await at(0.5, "3.6 s")).toBe(4);
    expect(await at(5, "1 hour")).toBe(10);
    expect(await at(2, "-1 hour")).toBe(2);
  });

  it("is kept by claims", async () => {
    await set(3, HOUR);
    const { given, claim } = await exhaust(5);
    expect(given).toBe(3);
    expect(await claim()).toEqual([]);
    expect(await waits()).toMatchObject([{ parkedFor: "RATE_LIMIT" }, { parkedFor: "RATE_LIMIT" }]);
  });

  it("has to be there when a task names it", async () => {
    await expect(addTask(fixture, { rateLimitKey: "mails" })).rejects.toMatchObject({
      issues: [{ path: ["rateLimitKey"] }],
    });
    await set(1, HOUR);
    expect(await addTask(fixture, { rateLimitKey: "mails" })).toMatchObject({ rateLimitKey: "mails", state: "QUEUED" });
  });

  it("lets those that wait go sooner when tokens come faster, and not later when they come slower", async () => {
    await set(1, 10 * HOUR);
    await exhaust(4);
    const before = await waits();
    await set(1, HOUR);
    const after = await waits();
    expect(after).toHaveLength(3);
    for (const [n, { inMs }] of after.entries()) expect(inMs / before[n]!.inMs).toBeCloseTo(0.1, 2);
    await set(1, 10 * HOUR);
    for (const [n, { inMs }] of (await waits()).entries()) expect(inMs).toBeLessThanOrEqual(after[n]!.inMs);
  });

  it("does not keep those that wait when it is deleted: they are no longer limited", async () => {
    await set(1, 10 * HOUR);
    const { claim } = await exhaust(4);
    await remove();
    expect(await waits()).toEqual([]);
    expect(await claim()).toHaveLength(3);
  });

  it("leaves no one waiting when it is deleted while tasks come and are parked", async () => {
    await set(1, 200);
    const { claim } = await exhaust(200);
    const claims = Promise.all(Array.from({ length: 10 }, () => claim()));
    await remove();
    await claims;
    const [row] = await fixture.database.query<{ open: number }>(
      sql`select count(*)::int as open from tasks where state = 'QUEUED'`,
    );
    let open = row!.open;
    const until = performance.now() + 60_000;
    while (open > 0 && performance.now() < until) open -= (await claim()).length;
    expect(open).toBe(0);
  }, 90_000);

  it("compares and sets: of many that expect the same version one succeeds", async () => {
    await expect(set(1, HOUR, { expectedVersion: 1 })).rejects.toThrow(Conflict);
    expect(await fixture.database.query(sql`select 1 from rate_limits`)).toEqual([]);
    const made = await Promise.allSettled(Array.from({ length: 8 }, () => set(5, HOUR, { expectedVersion: 0 })));
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const changed = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => set(n + 6, HOUR, { expectedVersion: 1 })),
    );
    expect(changed.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(remove({ expectedVersion: 1 })).rejects.toThrow(Conflict);
    const removed = await Promise.allSettled(Array.from({ length: 8 }, () => remove({ expectedVersion: 2 })));
    expect(removed.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const race of removed) if (race.status === "rejected") expect(race.reason).toBeInstanceOf(NotFound);
  });

  it.each([
    [0, 1_000],
    [1.5, 1_000],
    [1_000_001, 1_000],
    [1, 0],
    [1, 86_400_001],
  ])("refuses %s in %s ms", async (max, periodMs) => {
    await expect(set(max, periodMs)).rejects.toThrow(InvalidInput);
  });

  it("answers alike for what is missing and what is another's, and asks for its permissions", async () => {
    const { runtime, projectId, workspaceId } = fixture;
    const limit = await set(1, HOUR);
    const reach = await addProject(fixture.database);
    const foreign = callerOf({ kind: "API_KEY", name: "foreign", permissions: new Set(PERMISSIONS), reach });
    await expect(setRateLimit(runtime, foreign, { ...mails(), max: 2, periodMs: HOUR })).rejects.toThrow(NotFound);
    await expect(deleteRateLimit(runtime, foreign, mails())).rejects.toThrow(NotFound);
    await expect(remove({ key: "none" })).rejects.toThrow(NotFound);
    expect(await getRateLimits(runtime, foreign, [limit.id])).toEqual([]);
    expect((await only(listRateLimits(runtime, foreign, [projectId], { page: {} }))).edges).toEqual([]);
    const without = (permission: string) => {
      const permissions = new Set(PERMISSIONS.filter((one) => one !== permission));
      return callerOf({ kind: "API_KEY", name: "limited", permissions, reach: { workspaceId, projectId } });
    };
    const manager = without("queue.manage");
    await expect(setRateLimit(runtime, manager, { ...mails(), max: 2, periodMs: HOUR })).rejects.toThrow(Forbidden);
    await expect(deleteRateLimit(runtime, manager, mails())).rejects.toThrow(Forbidden);
    await expect(getRateLimits(runtime, without("task.read"), [])).rejects.toThrow(Forbidden);
    await expect(listRateLimits(runtime, without("task.read"), [], { page: {} })).rejects.toThrow(Forbidden);
    expect(await getRateLimits(runtime, fixture.admin, [limit.id])).toMatchObject([{ max: 1 }]);
  });

  it("is listed by key", async () => {
    for (const key of ["mails", "calls", "mails_slow"]) await set(1, HOUR, { key });
    const keys = async (filter: object) =>
      (await only(listRateLimits(fixture.runtime, fixture.admin, [fixture.projectId], { filter, page: {} }))).edges.map(
        ({ node }) => node.key,
      );
    expect(await keys({})).toEqual(["calls", "mails", "mails_slow"]);
    expect(await keys({ search: "mails_" })).toEqual(["mails_slow"]);
  });
});
