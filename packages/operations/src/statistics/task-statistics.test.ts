import { Forbidden, InvalidInput } from "@muster/domain/errors.ts";
import type { TaskState } from "@muster/domain/task-lifecycle.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addTasks } from "../../test/bulk-jobs.ts";
import { addProject, callerOf, createFixture, type Fixture } from "../../test/fixtures.ts";
import type { Runtime } from "../runtime.ts";
import { readTaskStatistics, type TaskStatisticsRange } from "./task-statistics.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

const HOUR = 3_600_000;
/** A whole hour, some hours ago. */
const HOUR_AGO = Math.floor(Date.now() / HOUR) * HOUR - 5 * HOUR;
const at = (ms: number) => new Date(HOUR_AGO + ms);

/** A project of its own; each runtime keeps what it knows. */
async function place(): Promise<{ workspaceId: string; projectId: string; runtime: Runtime }> {
  return { ...(await addProject(fixture.database)), runtime: { ...fixture.runtime } };
}

/** A task that waited and ran for so long, and ended so many ms after the hour. */
async function end(
  project: Awaited<ReturnType<typeof place>>,
  ms: number,
  { state = "SUCCEEDED", wait = 100, run = 100 }: { state?: TaskState; wait?: number; run?: number | null } = {},
): Promise<void> {
  const [id] = await addTasks(fixture, 1, { state, place: project });
  const finished = HOUR_AGO + ms;
  const started = run === null ? null : new Date(finished - run).toISOString();
  await fixture.database.query(sql`
    update tasks set finished_at = ${new Date(finished).toISOString()}, started_at = ${started},
      created_at = ${new Date(finished - (run ?? 0) - wait).toISOString()} where id = ${id}`);
}

const read = async (project: Awaited<ReturnType<typeof place>>, range: TaskStatisticsRange, caller = fixture.admin) =>
  readTaskStatistics(project.runtime, caller, project.projectId, range);

it("counts what ended in each slice, as what, and says how long it took", async () => {
  const project = await place();
  for (let number = 0; number < 99; number += 1) await end(project, 30_000, { run: 1_000, wait: 10 });
  await end(project, 45_000, { run: 60_000, wait: 5_000, state: "FAILED" });
  await end(project, 59 * 60_000, { state: "CANCELLED", run: null });
  await end(project, 59 * 60_000 + 1_000, { state: "EXPIRED", run: null });
  await end(project, HOUR, { run: 7 });
  await end(project, -1, { run: 7 });
  const found = await read(project, { since: at(0), until: at(HOUR), buckets: 60 });
  expect(found).toMatchObject({ from: at(0), to: at(HOUR), bucketMs: 60_000 });
  expect(found?.buckets).toHaveLength(60);
  expect(found?.buckets[0]).toMatchObject({ at: at(0), succeeded: 99, failed: 1, cancelled: 0, expired: 0 });
  expect(found?.buckets[1]).toMatchObject({ at: at(60_000), succeeded: 0, run: { p50Ms: null, p95Ms: null } });
  expect(found?.buckets[59]).toMatchObject({ succeeded: 0, failed: 0, cancelled: 1, expired: 1, run: { p50Ms: null } });
  const { run, wait } = found ?? {};
  expect(Math.abs((run?.p50Ms ?? 0) - 1_000)).toBeLessThan(50);
  expect(Math.abs((run?.p99Ms ?? 0) - 1_000)).toBeLessThan(50);
  expect(Math.abs((wait?.p95Ms ?? 0) - 10)).toBeLessThan(1);
});

it("knows no wait of those that were never started", async () => {
  const project = await place();
  await end(project, 10, { state: "CANCELLED", run: null });
  const found = await read(project, { since: at(0), until: at(HOUR) });
  expect(found).toMatchObject({ wait: { p50Ms: null, p95Ms: null, p99Ms: null }, run: { p50Ms: null } });
});

it("reads a slice that is over once, and goes on with what is not", async () => {
  const project = await place();
  await end(project, 10);
  const range = { since: at(0), until: at(HOUR), buckets: 6 };
  expect((await read(project, range))?.buckets[0]?.succeeded).toBe(1);
  await end(project, 20);
  // Nothing can end in the past: this is how it shows that the past is not read again.
  const [longer, other] = await Promise.all([
    read(project, { since: at(-HOUR), until: at(HOUR), buckets: 12 }),
    read(project, { since: at(0), until: at(HOUR), buckets: 12 }),
  ]);
  expect(longer?.buckets[6]?.succeeded).toBe(1);
  expect(other?.buckets[0]?.succeeded).toBe(2);
  const now = Date.now();
  await end(project, now - HOUR_AGO);
  const [recent] = [await read(project, { since: new Date(now - HOUR), buckets: 60 })];
  expect(recent?.buckets.reduce((sum, { succeeded }) => sum + succeeded, 0)).toBe(1);
  await end(project, now - HOUR_AGO + 1);
  await new Promise((resolve) => setTimeout(resolve, 2_001));
  const later = await read(project, { since: new Date(Date.now() - HOUR), buckets: 60 });
  expect(later?.buckets.reduce((sum, { succeeded }) => sum + succeeded, 0)).toBe(2);
});

it("shares an answer among those who ask at the same time", async () => {
  const project = await place();
  let statements = 0;
  const database = {
    ...fixture.database,
    transaction: <Result>(work: Parameters<typeof fixture.database.transaction<Result>>[0]) => {
      statements += 1;
      return fixture.database.transaction(work);
    },
  };
  const runtime = { ...project.runtime, database };
  const range = { since: at(0), until: at(HOUR) };
  const ask = () => readTaskStatistics(runtime, fixture.admin, project.projectId, range);
  await Promise.all(Array.from({ length: 10 }, ask));
  expect(statements).toBeLessThanOrEqual(4);
});

it("shows nothing to other tenants, nor without permission", async () => {
  const project = await place();
  const { permissions } = fixture.admin.actor;
  const range = { since: at(0), until: at(HOUR) };
  await read(project, range);
  const other = callerOf({ kind: "API_KEY", name: "other", reach: await addProject(fixture.database), permissions });
  expect(await read(project, range, other)).toBeNull();
  const less = callerOf({ kind: "API_KEY", name: "less", permissions: new Set(["agent.read"]) });
  await expect(read(project, range, less)).rejects.toThrow(Forbidden);
});

it.each([
  ["an end before its beginning", { since: at(HOUR), until: at(0) }],
  ["more than 31 days", { since: new Date(HOUR_AGO - 31 * 24 * HOUR - 1), until: at(0) }],
  ["more than 500 slices", { since: at(0), until: at(HOUR), buckets: 501 }],
  ["no slices", { since: at(0), until: at(HOUR), buckets: 0 }],
])("refuses %s", async (_name, range) => {
  await expect(read(await place(), range)).rejects.toThrow(InvalidInput);
});
