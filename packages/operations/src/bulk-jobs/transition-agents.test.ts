import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { openDatabase } from "@muster/database/database.ts";
import type { AgentState } from "@muster/domain/agent-lifecycle.ts";
import { Conflict, Forbidden, InvalidInput, LimitExceeded, NotFound } from "@muster/domain/errors.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { bulkJobsOn } from "../../test/bulk-jobs.ts";
import { violationsIn } from "../../test/consistency.ts";
import { addAgent, addProject, callerOf, createFixture, type Fixture } from "../../test/fixtures.ts";
import { agentEvents, agentRow, holdTask, transitionsOf } from "../../test/held-tasks.ts";
import { eventually } from "../../test/workers.ts";
import { cancelPendingAction } from "../agents/cancel-pending-action.ts";
import { transitionAgent } from "../agents/transition-agent.ts";
import type { Runtime } from "../runtime.ts";
import { completeTask } from "../tasks/complete-task.ts";
import { abortBulkJob } from "./abort-bulk-job.ts";
import type { TransitionAgentsInput } from "./chosen-agents.ts";
import { previewTransition } from "./preview-transition.ts";
import { runBulkJobs } from "./run-bulk-jobs.ts";
import { transitionAgents } from "./transition-agents.ts";

let fixture: Fixture;
let jobs: ReturnType<typeof bulkJobsOn>;
beforeAll(async () => {
  fixture = await createFixture();
  jobs = bulkJobsOn(fixture);
});
afterAll(() => fixture.close());

const request = (search: string, more: Partial<TransitionAgentsInput> = {}): TransitionAgentsInput => ({
  projectId: fixture.projectId,
  filter: { search },
  action: "SUSPEND",
  reason: "cost",
  ...more,
});
const ask = (search: string, more?: Partial<TransitionAgentsInput>, caller = fixture.admin) =>
  transitionAgents(fixture.runtime, caller, request(search, more));
const agents = async (name: string, states: readonly AgentState[]) => {
  const made = [];
  for (const [number, state] of states.entries()) made.push(await addAgent(fixture, `${name} ${10 + number}`, state));
  return made.map(({ id }) => id);
};
const states = async (ids: readonly string[]) => {
  const rows = [];
  for (const id of ids) rows.push((await agentRow(fixture, id)).state);
  return rows;
};
const finishTask = (task: { id: string; attempt: number }) =>
  completeTask(fixture.runtime, fixture.admin, { taskId: task.id, attempt: task.attempt, output: null });

/** Another replica: what it runs goes over connections of its own. */
function replica(): Runtime {
  const database = openDatabase({ url: fixture.url, connections: 2 });
  onTestFinished(() => database.close());
  return { ...fixture.runtime, database };
}

it("previews whom a job would ask, and who could take the action", async () => {
  const ids = await agents("preview", ["IDLE", "SUSPENDED", "ONLINE", "DECOMMISSIONED", "IDLE"]);
  await holdTask(fixture, ids[2] ?? "");
  const found = await previewTransition(fixture.runtime, fixture.admin, request("preview"));
  expect(found).toMatchObject({ count: 5, countIsCapped: false });
  expect(found.states).toEqual([
    { state: "BUSY", count: 1, allowed: true, draining: 1 },
    { state: "IDLE", count: 2, allowed: true, draining: 0 },
    { state: "SUSPENDED", count: 1, allowed: false, draining: 0 },
    { state: "DECOMMISSIONED", count: 1, allowed: false, draining: 0 },
  ]);
  expect(found.sample.map(({ id }) => id)).toEqual(ids);
  const now = await previewTransition(fixture.runtime, fixture.admin, request("preview", { mode: "NOW" }));
  expect(now.states[0]).toEqual({ state: "BUSY", count: 1, allowed: true, draining: 0 });
  expect(await states(ids)).toEqual(["IDLE", "SUSPENDED", "BUSY", "DECOMMISSIONED", "IDLE"]);
});

it("asks those that were chosen and nobody who came later, in the name of who asked", async () => {
  const ids = await agents("frozen", ["IDLE", "ONLINE", "SUSPENDED"]);
  const { id, ...job } = await ask("frozen", { expectedCount: 3 });
  expect(job).toMatchObject({ kind: "TRANSITION", action: "SUSPEND", mode: "DRAIN", state: "RUNNING", total: 3 });
  const later = await addAgent(fixture, "frozen later", "IDLE");
  expect(await jobs.finish(id)).toMatchObject({ state: "SUCCEEDED", succeeded: 2, skipped: 1, failed: 0, pending: 0 });
  expect(await states([...ids, later.id])).toEqual(["SUSPENDED", "SUSPENDED", "SUSPENDED", "IDLE"]);
  expect((await agentEvents(fixture, ids[0] ?? "")).at(-1)).toMatchObject({
    type: "agent.transitioned",
    actor: "admin",
    reason: "cost",
    payload: { from: "IDLE", to: "SUSPENDED", action: "SUSPEND", mode: "DRAIN" },
  });
  const targets = await jobs.targets(id);
  expect(targets.map(({ agentId, taskId, outcome }) => [agentId, taskId, outcome])).toEqual([
    [ids[0], null, "SUCCEEDED"],
    [ids[1], null, "SUCCEEDED"],
    [ids[2], null, "SKIPPED"],
  ]);
  expect(targets[2]?.message).toContain("SUSPEND is not allowed while the agent is SUSPENDED.");
  expect((await jobs.events(id)).at(-1)).toMatchObject({
    type: "bulk_job.transitioned",
    payload: { to: "SUCCEEDED", kind: "TRANSITION", agentAction: "SUSPEND" },
  });
});

describe("agents that drain", () => {
  it("are watched until they have arrived", async () => {
    const [busy = "", idle = ""] = await agents("drains", ["ONLINE", "IDLE"]);
    const task = await holdTask(fixture, busy);
    const { id } = await ask("drains", { action: "STOP" });
    await jobs.round();
    expect(await jobs.find(id)).toMatchObject({ state: "RUNNING", succeeded: 1, started: 1, pending: 0 });
    expect(await states([busy, idle])).toEqual(["BUSY", "OFFLINE"]);
    await finishTask(task);
    expect(await jobs.finish(id)).toMatchObject({ state: "SUCCEEDED", succeeded: 2, started: 0 });
    expect(await transitionsOf(fixture, busy)).toContain("STOP IDLE>OFFLINE");
  });

  it("do not when they are asked to act now: what they hold goes back", async () => {
    const [busy = ""] = await agents("now", ["ONLINE"]);
    await holdTask(fixture, busy);
    const { id } = await ask("now", { action: "STOP", mode: "NOW" });
    expect(await jobs.finish(id)).toMatchObject({ state: "SUCCEEDED", succeeded: 1, started: 0 });
    expect(await agentRow(fixture, busy)).toMatchObject({ state: "OFFLINE", activeTasks: 0 });
  });

  it("are skipped when the action is taken back, or another takes its place", async () => {
    const [back = "", other = ""] = await agents("taken", ["ONLINE", "ONLINE"]);
    const tasks = [await holdTask(fixture, back), await holdTask(fixture, other)];
    const { id } = await ask("taken");
    await jobs.round();
    await cancelPendingAction(fixture.runtime, fixture.admin, { agentId: back, reason: "no" });
    await transitionAgent(fixture.runtime, fixture.admin, { agentId: other, action: "STOP", reason: "rather" });
    expect(await jobs.finish(id)).toMatchObject({ state: "SUCCEEDED", skipped: 2, started: 0 });
    for (const { message } of await jobs.targets(id)) expect(message).toContain("The action was taken back");
    for (const task of tasks) await finishTask(task);
  });

  it("fail the job when they do not end in an hour", async () => {
    const [busy = ""] = await agents("never", ["ONLINE"]);
    const task = await holdTask(fixture, busy);
    const { id } = await ask("never");
    await jobs.round();
    await fixture.database.query(sql`update bulk_job_targets set at = at - interval '61 minutes' where job_id = ${id}`);
    expect(await jobs.finish(id)).toMatchObject({ state: "FAILED", failed: 1, started: 0 });
    expect((await jobs.targets(id))[0]).toMatchObject({
      outcome: "FAILED",
      message: expect.stringContaining("finishes"),
    });
    await finishTask(task);
    expect(await states([busy])).toEqual(["SUSPENDED"]);
  });
});

it("asks nobody after an abort", async () => {
  const ids = await agents(
    "aborted",
    Array.from({ length: 30 }, () => "IDLE" as const),
  );
  const { id } = await ask("aborted");
  await runBulkJobs(fixture.runtime, () => {});
  const aborted = await abortBulkJob(fixture.runtime, fixture.admin, { jobId: id, reason: "enough" });
  expect(aborted).toMatchObject({ state: "ABORTED", succeeded: 25, pending: 5 });
  await jobs.round();
  expect((await states(ids)).filter((state) => state === "IDLE")).toHaveLength(5);
});

it("asks nobody twice with ten replicas", { timeout: 60_000 }, async () => {
  const ids = await agents(
    "shared",
    Array.from({ length: 60 }, () => "IDLE" as const),
  );
  const { id } = await ask("shared");
  const replicas = Array.from({ length: 10 }, replica);
  await Promise.all(replicas.map((one) => jobs.finish(id, one)));
  expect(await jobs.find(id)).toMatchObject({ state: "SUCCEEDED", succeeded: 60, skipped: 0 });
  for (const agentId of ids) expect(await transitionsOf(fixture, agentId)).toEqual(["SUSPEND IDLE>SUSPENDED"]);
  const events = await jobs.events(id);
  expect(events.map(({ version }) => version)).toEqual(events.map((_, place) => place + 1));
});

it(
  "loses nothing and asks nobody twice when a process is killed between asking and writing it down",
  { timeout: 60_000 },
  async () => {
    const ids = await agents("killed", ["IDLE", "IDLE", "IDLE"]);
    const { id } = await ask("killed");
    let release = () => {};
    const held = fixture.database.transaction(async (transaction) => {
      await transaction.query(sql`select from bulk_job_targets where job_id = ${id} and number = 2 for update`);
      await new Promise<void>((resolve) => (release = resolve));
    });
    // A test that fails before must not keep the row.
    onTestFinished(() => release());
    const script = fileURLToPath(new URL("../../test/run-bulk-jobs-process.ts", import.meta.url));
    const child = spawn(process.execPath, [script, fixture.url], { stdio: "inherit" });
    onTestFinished(() => void child.kill("SIGKILL"));
    await eventually(async () => {
      const waiting = await fixture.database.query(
        sql`select from pg_stat_activity where application_name = 'bulk jobs process' and datname = current_database() and wait_event_type = 'Lock'`,
      );
      return waiting.length > 0;
    });
    child.kill("SIGKILL");
    release();
    await held;
    expect(await jobs.finish(id)).toMatchObject({ state: "SUCCEEDED", succeeded: 3, skipped: 0 });
    for (const agentId of ids) expect(await transitionsOf(fixture, agentId)).toEqual(["SUSPEND IDLE>SUSPENDED"]);
  },
);

it("agrees with operators who act at the same time", { timeout: 60_000 }, async () => {
  const ids = await agents(
    "contended",
    Array.from({ length: 40 }, () => "IDLE" as const),
  );
  const { id } = await ask("contended");
  const byHand = ids.toReversed().map((agentId) =>
    transitionAgent(fixture.runtime, fixture.admin, { agentId, action: "SUSPEND", reason: "by hand" }).then(
      () => 1,
      () => 0,
    ),
  );
  const [done, ...moved] = await Promise.all([jobs.finish(id, replica()), ...byHand]);
  expect(done.succeeded + moved.reduce<number>((sum, one) => sum + one, 0)).toBe(40);
  expect(done).toMatchObject({ state: "SUCCEEDED", skipped: 40 - done.succeeded });
});

describe("a request", () => {
  it("is refused with another number than was expected, and above the limit; then nothing is written", async () => {
    await agents("counted", ["IDLE", "IDLE"]);
    await expect(ask("counted", { expectedCount: 3 })).rejects.toMatchObject({ expected: "3", actual: "2" });
    await expect(ask("counted", { expectedCount: 3 })).rejects.toThrow(Conflict);
    const few = { ...fixture.runtime, settings: { ...fixture.runtime.settings, maxBulkTargets: 1 } };
    await expect(transitionAgents(few, fixture.admin, request("counted"))).rejects.toThrow(LimitExceeded);
    expect(await previewTransition(few, fixture.admin, request("counted"))).toMatchObject({
      count: 1,
      countIsCapped: true,
    });
  });

  it.each([
    ["an empty filter", { filter: {} }, "filter"],
    ["all together with a filter", { all: true }, "all"],
    ["an action that is not an operator's", { action: "ASSIGN" as const }, "action"],
    ["no reason", { reason: "" }, "reason"],
  ])("is refused with %s", async (_name, more, field) => {
    await expect(ask("x", more)).rejects.toThrow(InvalidInput);
    await expect(ask("x", more)).rejects.toMatchObject({ issues: [{ path: [field] }] });
  });

  it("needs the permission, and reaches no other tenant", async () => {
    const place = await addProject(fixture.database);
    await addAgent(fixture, "foreign", "IDLE", place);
    const { permissions } = fixture.admin.actor;
    const reach = { workspaceId: fixture.workspaceId, projectId: null };
    const own = callerOf({ kind: "API_KEY", name: "own", reach, permissions });
    await expect(ask("foreign", { projectId: place.projectId }, own)).rejects.toThrow(NotFound);
    const less = callerOf({ kind: "API_KEY", name: "less", permissions: new Set(["agent.read", "task.cancel"]) });
    await expect(ask("foreign", {}, less)).rejects.toThrow(new Forbidden("agent.transition"));
    await expect(previewTransition(fixture.runtime, less, request("foreign"))).rejects.toThrow(Forbidden);
    const { id } = await ask("no such agent");
    await expect(abortBulkJob(fixture.runtime, less, { jobId: id, reason: "r" })).rejects.toThrow(Forbidden);
    expect(await jobs.finish(id)).toMatchObject({ state: "SUCCEEDED", total: 0 });
  });
});

it("leaves state and history in agreement", async () => {
  expect(await violationsIn(fixture.database)).toEqual([]);
});
