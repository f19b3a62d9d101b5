import { Forbidden } from "@muster/domain/errors.ts";
import { PERMISSIONS } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, it } from "vitest";
import { addProject, callerOf, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { addTask, addWorker, type Worker } from "../../test/workers.ts";
import { updateWorkspace } from "../projects/update-workspace.ts";
import { pauseQueue } from "../queues/pause-queue.ts";
import { resumeQueue } from "../queues/resume-queue.ts";
import { updateQueue } from "../queues/update-queue.ts";
import { setRateLimit } from "../rate-limits/set-rate-limit.ts";
import { claimReady } from "../tasks/claim-tasks.ts";
import { readIdleReasons } from "./idle-reason.ts";
import { transitionAgent } from "./transition-agent.ts";
import { updateAgent } from "./update-agent.ts";

const HOUR = 3_600_000;

let fixture: Fixture;
beforeEach(async () => {
  fixture = await createFixture();
});
afterEach(() => fixture.close());

const explain = ({ id }: { id: string }) => only(readIdleReasons(fixture.runtime, fixture.admin, [id]));
const reasonOf = async (worker: { id: string }) => (await explain(worker))?.reason ?? null;
const claim = (worker: Worker, max = 100) => claimReady(fixture.runtime, worker.caller, { ...worker, max });

it.each([
  ["REGISTERED", "NOT_CONNECTED"],
  ["DEPLOYING", "NOT_CONNECTED"],
  ["OFFLINE", "NOT_CONNECTED"],
  ["UNRESPONSIVE", "NOT_CONNECTED"],
  ["ERROR", "NOT_AVAILABLE"],
  ["SUSPENDED", "NOT_AVAILABLE"],
  ["MAINTENANCE", "NOT_AVAILABLE"],
  ["DECOMMISSIONED", "NOT_AVAILABLE"],
] as const)("an agent that is %s is %s, whatever there is to do", async (state, reason) => {
  const worker = await addWorker(fixture, { state });
  await addTask(fixture);
  const found = await explain(worker);
  expect(found?.reason).toBe(reason);
  expect(found?.message).toMatch(/^[A-Z].*\.$/s);
});

it("an agent that works has no reason while it has room; then it is full, or drains", async () => {
  const worker = await addWorker(fixture, { maxConcurrency: 2 });
  await addTask(fixture);
  await claim(worker);
  expect(await explain(worker)).toBeNull();
  await updateAgent(fixture.runtime, fixture.admin, { agentId: worker.id, maxConcurrency: 1 });
  expect(await reasonOf(worker)).toBe("FULL");
  await transitionAgent(fixture.runtime, fixture.admin, {
    agentId: worker.id,
    action: "MAINTAIN",
    reason: "r",
    mode: "DRAIN",
  });
  expect(await reasonOf(worker)).toBe("DRAINING");
});

it("an agent that does not start what it is given is given nothing", async () => {
  const worker = await addWorker(fixture);
  await fixture.database.query(sql`update agents set missed_offers = 3 where id = ${worker.id}`);
  expect(await reasonOf(worker)).toBe("NOT_STARTING");
});

it("an idle agent has nothing to do, or nothing that it can do, or is about to be given something", async () => {
  const worker = await addWorker(fixture);
  expect(await reasonOf(worker)).toBe("NO_READY_TASKS");
  await addTask(fixture, { capability: "lint" });
  expect(await reasonOf(worker)).toBe("READY_TASKS_NEED_OTHER_CAPABILITIES");
  const other = await addWorker(fixture, { capabilities: ["paint"] });
  await addTask(fixture, { agentId: other.id });
  await addTask(fixture, { labels: { region: "north" } });
  expect([await reasonOf(worker), await reasonOf(other)]).toEqual([
    "READY_TASKS_NEED_OTHER_CAPABILITIES",
    "TASKS_ARE_READY",
  ]);
  await addTask(fixture);
  expect(await reasonOf(worker)).toBe("TASKS_ARE_READY");
  await claim(worker);
  expect(await reasonOf(worker)).toBe("FULL");
});

it("of another project's tasks it knows nothing", async () => {
  const worker = await addWorker(fixture);
  const { projectId } = await addProject(fixture.database);
  await addTask(fixture, { projectId });
  expect(await reasonOf(worker)).toBe("NO_READY_TASKS");
});

it("an idle agent waits for a paused or full queue, and for the workspace", async () => {
  const { runtime, admin, projectId, workspaceId } = fixture;
  const [busy, worker] = [await addWorker(fixture), await addWorker(fixture)];
  const queue = { projectId, queue: "mails" };
  await addTask(fixture, { queue: "mails" });
  await claim(busy);
  await addTask(fixture, { queue: "mails" });
  await pauseQueue(runtime, admin, { ...queue, reason: "r" });
  expect(await reasonOf(worker)).toBe("QUEUE_PAUSED");
  await resumeQueue(runtime, admin, queue);
  await updateQueue(runtime, admin, { ...queue, maxRunning: 1 });
  expect(await reasonOf(worker)).toBe("QUEUE_LIMIT");
  await updateWorkspace(runtime, admin, { workspaceId, maxRunningTasks: 1 });
  expect(await reasonOf(worker)).toBe("WORKSPACE_LIMIT");
  await updateWorkspace(runtime, admin, { workspaceId, maxRunningTasks: null });
  await updateQueue(runtime, admin, { ...queue, maxRunning: null });
  expect(await reasonOf(worker)).toBe("TASKS_ARE_READY");
});

it("an idle agent waits for a concurrency key, a rate limit, or a time", async () => {
  const [busy, worker] = [await addWorker(fixture, { maxConcurrency: 5 }), await addWorker(fixture)];
  await addTask(fixture, { runAt: new Date(Date.now() + HOUR) });
  expect(await reasonOf(worker)).toBe("DELAYED");
  await setRateLimit(fixture.runtime, fixture.admin, {
    projectId: fixture.projectId,
    key: "r",
    max: 1,
    periodMs: HOUR,
  });
  await addTask(fixture, { rateLimitKey: "r" });
  await addTask(fixture, { rateLimitKey: "r" });
  await claim(busy);
  expect(await reasonOf(worker)).toBe("RATE_LIMIT");
  await addTask(fixture, { concurrencyKey: "k" });
  await addTask(fixture, { concurrencyKey: "k" });
  await claim(busy);
  expect(await reasonOf(worker)).toBe("CONCURRENCY_KEY");
});

it("is not for those who may not read it", async () => {
  const worker = await addWorker(fixture);
  const reach = await addProject(fixture.database);
  const foreign = callerOf({ kind: "API_KEY", name: "foreign", permissions: new Set(PERMISSIONS), reach });
  expect(await only(readIdleReasons(fixture.runtime, foreign, [worker.id]))).toBeNull();
  const unable = callerOf({ kind: "API_KEY", name: "unable", permissions: new Set() });
  await expect(readIdleReasons(fixture.runtime, unable, [worker.id])).rejects.toThrow(Forbidden);
});
