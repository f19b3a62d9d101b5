import { Conflict, Forbidden, InvalidInput, LimitExceeded, NotFound } from "@muster/domain/errors.ts";
import type { TaskState } from "@muster/domain/task-lifecycle.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addTasks, bulkJobsOn } from "../../test/bulk-jobs.ts";
import { addProject, callerOf, createFixture, type Fixture } from "../../test/fixtures.ts";
import { createBulkJob } from "./create-bulk-job.ts";
import { previewBulkJob } from "./preview-bulk-job.ts";

let fixture: Fixture;
let jobs: ReturnType<typeof bulkJobsOn>;
beforeAll(async () => {
  fixture = await createFixture();
  jobs = bulkJobsOn(fixture);
});
afterAll(() => fixture.close());

const preview = (kind: "CANCEL" | "RETRY", filter: object, more: object = {}) =>
  previewBulkJob(fixture.runtime, fixture.admin, kind, {
    projectId: fixture.projectId,
    filter,
    reason: "why",
    ...more,
  });

const jobsOfKind = async (kind: string) => {
  const [written] = await fixture.database.query<{ count: number }>(
    sql`select count(*)::int as count from bulk_jobs where filter -> 'kinds' ? ${kind}`,
  );
  return written?.count;
};

it("previews exactly the tasks that the job then has, in their order", async () => {
  const queued = await addTasks(fixture, 12, { kind: "previewed" });
  await addTasks(fixture, 3, { kind: "previewed", state: "SUCCEEDED" });
  await addTasks(fixture, 3, { kind: "another" });
  const { count, countIsCapped, sample } = await preview("CANCEL", { kinds: ["previewed"] });
  expect({ count, countIsCapped }).toEqual({ count: 12, countIsCapped: false });
  expect(sample.map(({ id }) => id)).toEqual(queued.slice(0, 10));
  expect(await jobs.states("previewed")).toEqual({ QUEUED: 12, SUCCEEDED: 3 });
  const { id, total } = await jobs.cancel(["previewed"], { expectedCount: count });
  expect(total).toBe(12);
  expect((await jobs.targets(id)).map((target) => [target.number, target.taskId, target.outcome])).toEqual(
    queued.map((taskId, place) => [place + 1, taskId, "PENDING"]),
  );
});

it.each([
  ["CANCEL", undefined, ["WAITING", "QUEUED"]],
  ["CANCEL", ["QUEUED", "SUCCEEDED"], ["QUEUED"]],
  ["RETRY", undefined, ["FAILED", "CANCELLED", "EXPIRED"]],
  ["RETRY", ["SUCCEEDED", "QUEUED"], ["SUCCEEDED"]],
  ["RETRY", [], []],
] as const)("chooses for %s with the states %j those that are %j", async (kind, states, chosen) => {
  const name = `states ${kind} ${states?.join() ?? "any"}`;
  const all: TaskState[] = ["WAITING", "QUEUED", "SUCCEEDED", "FAILED", "CANCELLED", "EXPIRED"];
  for (const state of all) await addTasks(fixture, 1, { kind: name, state });
  const { sample } = await preview(kind, { kinds: [name], ...(states && { states: [...states] }) });
  expect(sample.map(({ state }) => state)).toEqual(all.filter((state) => chosen.some((one) => one === state)));
});

it("answers at once with a job that has done nothing yet, and says so in the log", async () => {
  await addTasks(fixture, 2, { kind: "at once" });
  const job = await jobs.cancel(["at once"]);
  expect(job).toMatchObject({
    kind: "CANCEL",
    state: "RUNNING",
    version: 1,
    filter: { kinds: ["at once"] },
    reason: "too many",
    total: 2,
    succeeded: 0,
    started: 0,
    pending: 2,
    creatorName: "admin",
    finishedAt: null,
  });
  expect(await jobs.events(job.id)).toMatchObject([
    { type: "bulk_job.created", version: 1, actor: "admin", reason: "too many", payload: { total: 2, pending: 2 } },
  ]);
});

it("refuses another number than was expected, and writes nothing", async () => {
  await addTasks(fixture, 3, { kind: "expected" });
  await expect(jobs.cancel(["expected"], { expectedCount: 2 })).rejects.toThrow(Conflict);
  await expect(jobs.cancel(["expected"], { expectedCount: 2 })).rejects.toMatchObject({ expected: "2", actual: "3" });
  expect(await jobsOfKind("expected")).toBe(0);
});

it("takes every task of a project only when that is said", async () => {
  const place = await addProject(fixture.database);
  await addTasks(fixture, 2, { place });
  const ask = (filter: object, more: object = {}) =>
    createBulkJob(fixture.runtime, fixture.admin, "CANCEL", {
      projectId: place.projectId,
      reason: "why",
      filter,
      ...more,
    });
  for (const empty of [{}, { kinds: null, search: " " }, { unknown: 1 }]) {
    await expect(ask(empty)).rejects.toThrow(InvalidInput);
    await expect(ask(empty)).rejects.toMatchObject({ issues: [{ path: ["filter"] }] });
  }
  await expect(ask({ kinds: ["build"] }, { all: true })).rejects.toMatchObject({ issues: [{ path: ["all"] }] });
  expect(await ask({}, { all: true })).toMatchObject({ total: 2 });
});

it("refuses bad input before anything is read", async () => {
  await expect(jobs.cancel(["x"], { reason: "" })).rejects.toThrow(InvalidInput);
  await expect(jobs.cancel(["x"], { filter: { ids: ["x"] } })).rejects.toMatchObject({
    issues: [{ path: ["filter", "ids", "0"] }],
  });
  await expect(jobs.cancel(["x"], { expectedCount: -1 })).rejects.toThrow(InvalidInput);
});

it.each([
  ["a project", true],
  ["a workspace", false],
])("sees nothing beyond %s", async (_name, ofProject) => {
  const place = await addProject(fixture.database);
  const foreign = await addTasks(fixture, 2, { kind: "foreign", place });
  await addTasks(fixture, 1, { kind: "foreign" });
  const { permissions } = fixture.admin.actor;
  const reach = { workspaceId: fixture.workspaceId, projectId: ofProject ? fixture.projectId : null };
  const own = callerOf({ kind: "API_KEY", name: "own", reach, permissions });
  await expect(jobs.cancel(["foreign"], { projectId: place.projectId }, own)).rejects.toThrow(NotFound);
  const request = { projectId: place.projectId, filter: { kinds: ["foreign"] }, reason: "why" };
  await expect(previewBulkJob(fixture.runtime, own, "CANCEL", request)).rejects.toThrow(NotFound);
  const job = await jobs.cancel(["foreign"], { filter: { ids: foreign } }, own);
  expect(job.total).toBe(0);
});

it.each([
  ["CANCEL", "task.cancel"],
  ["RETRY", "task.retry"],
] as const)("needs for %s the permission %s", async (kind, permission) => {
  const { permissions } = fixture.admin.actor;
  const caller = callerOf({
    kind: "API_KEY",
    name: "less",
    permissions: new Set([...permissions].filter((one) => one !== permission)),
  });
  const request = { projectId: fixture.projectId, filter: { kinds: ["x"] }, reason: "why" };
  await expect(createBulkJob(fixture.runtime, caller, kind, request)).rejects.toThrow(new Forbidden(permission));
  await expect(previewBulkJob(fixture.runtime, caller, kind, request)).rejects.toThrow(new Forbidden(permission));
});

it("shows a sample only to those who may read tasks", async () => {
  const caller = callerOf({ kind: "API_KEY", name: "blind", permissions: new Set(["task.cancel"]) });
  const request = { projectId: fixture.projectId, filter: { kinds: ["x"] }, reason: "why" };
  await expect(previewBulkJob(fixture.runtime, caller, "CANCEL", request)).rejects.toThrow(new Forbidden("task.read"));
});

it("has a million targets at most, and says so before it writes anything", async () => {
  await addTasks(fixture, 6, { kind: "many" });
  const { runtime, admin, projectId } = fixture;
  expect(runtime.settings.maxBulkTargets).toBe(1_000_000);
  const limited = { ...runtime, settings: { ...runtime.settings, maxBulkTargets: 5 } };
  const request = { projectId, filter: { kinds: ["many"] }, reason: "why" };
  const { count, countIsCapped } = await previewBulkJob(limited, admin, "CANCEL", request);
  expect({ count, countIsCapped }).toEqual({ count: 5, countIsCapped: true });
  await expect(createBulkJob(limited, admin, "CANCEL", request)).rejects.toThrow(LimitExceeded);
  expect(await jobsOfKind("many")).toBe(0);
  await fixture.database.query(
    sql`update tasks set state = 'WAITING', kind = 'fewer' where id = (select id from tasks where kind = 'many' limit 1)`,
  );
  expect(await createBulkJob(limited, admin, "CANCEL", request)).toMatchObject({ total: 5 });
});
