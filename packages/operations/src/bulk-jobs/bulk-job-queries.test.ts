import type { BulkJobOutcome, BulkJobState } from "@muster/domain/bulk-job-lifecycle.ts";
import { Forbidden } from "@muster/domain/errors.ts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { addTasks, bulkJobsOn } from "../../test/bulk-jobs.ts";
import { addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { abortBulkJob } from "./abort-bulk-job.ts";
import { getBulkJobs, listBulkJobs, listBulkJobTargets } from "./bulk-job-queries.ts";
import { runBulkJobs } from "./run-bulk-jobs.ts";

let fixture: Fixture;
let done: string;
let aborted: string;
beforeAll(async () => {
  fixture = await createFixture();
  const jobs = bulkJobsOn(fixture);
  await addTasks(fixture, 3, { kind: "done" });
  done = (await jobs.cancel(["done"])).id;
  await jobs.finish(done);
  await addTasks(fixture, 502, { kind: "half" });
  aborted = (await jobs.cancel(["half"])).id;
  await runBulkJobs(fixture.runtime, () => {});
  await abortBulkJob(fixture.runtime, fixture.admin, { jobId: aborted, reason: "enough" });
});
afterAll(() => fixture.close());

const listed = async (states: readonly BulkJobState[] | null = null, caller = fixture.admin) => {
  const { runtime, projectId } = fixture;
  const { edges } = await only(listBulkJobs(runtime, caller, [projectId], { states, page: {} }));
  return edges.map(({ node }) => node.id);
};

const targets = async (outcomes: readonly BulkJobOutcome[] | null, caller = fixture.admin) => {
  const page = await only(listBulkJobTargets(fixture.runtime, caller, [aborted], { outcomes, page: { first: 2 } }));
  return { numbers: page.edges.map(({ node }) => node.number), ...(await page.count()) };
};

it("lists a project's jobs, the newest first, by their states", async () => {
  expect(await listed()).toEqual([aborted, done]);
  expect(await listed(["SUCCEEDED", "RUNNING"])).toEqual([done]);
  expect(await listed([])).toEqual([]);
});

it("lists a job's targets in the order of their turns, by their outcomes", async () => {
  expect(await targets(null)).toEqual({ numbers: [1, 2], count: 502, capped: false });
  expect(await targets(["PENDING"])).toEqual({ numbers: [501, 502], count: 2, capped: false });
  expect(await targets(["PENDING", "SUCCEEDED", "PENDING"])).toEqual({ numbers: [1, 2], count: 502, capped: false });
  expect(await targets([])).toEqual({ numbers: [], count: 0, capped: false });
});

it("shows nothing to other tenants, nor without permission", async () => {
  const { runtime, admin, database } = fixture;
  const { permissions } = admin.actor;
  const other = callerOf({ kind: "API_KEY", name: "other", reach: await addProject(database), permissions });
  expect(await getBulkJobs(runtime, other, [done])).toEqual([]);
  expect(await listed(null, other)).toEqual([]);
  expect(await targets(null, other)).toEqual({ numbers: [], count: 0, capped: false });
  const less = callerOf({ kind: "API_KEY", name: "less", permissions: new Set(["task.cancel"]) });
  await expect(getBulkJobs(runtime, less, [done])).rejects.toThrow(Forbidden);
  await expect(listed(null, less)).rejects.toThrow(Forbidden);
  await expect(targets(null, less)).rejects.toThrow(Forbidden);
});
