import { sql } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addProject, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { addTask, addWorker, type Worker } from "../../test/workers.ts";
import { cancelPendingAction } from "../agents/cancel-pending-action.ts";
import { transitionAgent } from "../agents/transition-agent.ts";
import { updateAgent } from "../agents/update-agent.ts";
import { claimReady } from "./claim-tasks.ts";
import { startTask } from "./start-task.ts";
import { readTaskBlockers } from "./task-blockers.ts";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await createFixture();
});
afterEach(() => fixture.close());

const blockersOf = ({ id }: { id: string }) => only(readTaskBlockers(fixture.runtime, fixture.admin, [id]));
const reasonsOf = async (task: { id: string }) => (await blockersOf(task)).map(({ reason }) => reason);
const claim = (worker: Worker, max = 100) => claimReady(fixture.runtime, worker.caller, { ...worker, max });

async function startOne(worker: Worker) {
  const [task] = await claim(worker, 1);
  const reference = { taskId: task!.id, attempt: task!.attempt };
  await startTask(fixture.runtime, worker.caller, reference);
  return reference;
}

const move = (
  worker: Worker,
  action: "MAINTAIN" | "SUSPEND" | "RESUME" | "STOP" | "DECOMMISSION" | "START",
  mode: "NOW" | "DRAIN" = "NOW",
) => transitionAgent(fixture.runtime, fixture.admin, { agentId: worker.id, action, reason: "a test", mode });

describe("what blocks a task among its agents", () => {
  it("is that no agent has the capability, until one does", async () => {
    await addWorker(fixture, { capabilities: ["lint"] });
    const task = await addTask(fixture);
    const [blocker, ...others] = await blockersOf(task);
    expect(others).toEqual([]);
    expect(blocker).toMatchObject({ reason: "NO_AGENT_WITH_CAPABILITY", capability: "build" });
    const retired = await addWorker(fixture, { state: "DECOMMISSIONED" });
    expect(await reasonsOf(task)).toEqual(["NO_AGENT_WITH_CAPABILITY"]);
    await fixture.database.query(sql`update agents set state = 'IDLE' where id = ${retired.id}`);
    expect(await blockersOf(task)).toEqual([]);
  });

  it("is that no agent of this project has it, whatever those of others can", async () => {
    const task = await addTask(fixture);
    const worker = await addWorker(fixture);
    expect(await blockersOf(task)).toEqual([]);
    const other = await addProject(fixture.database);
    await fixture.database.query(
      sql`update agents set project_id = ${other.projectId}, workspace_id = ${other.workspaceId} where id = ${worker.id}`,
    );
    expect(await reasonsOf(task)).toEqual(["NO_AGENT_WITH_CAPABILITY"]);
  });

  it("is that no agent has the labels, until one does", async () => {
    const worker = await addWorker(fixture);
    const labels = { region: "north" };
    const [any, targeted] = [
      await addTask(fixture, { labels }),
      await addTask(fixture, { labels, agentId: worker.id }),
    ];
    expect(await blockersOf(any)).toMatchObject([{ reason: "NO_AGENT_WITH_LABELS", capability: "build", labels }]);
    expect(await blockersOf(targeted)).toMatchObject([{ reason: "NO_AGENT_WITH_LABELS", agentId: worker.id, labels }]);
    await updateAgent(fixture.runtime, fixture.admin, { agentId: worker.id, labels: { ...labels, size: "big" } });
    expect([await blockersOf(any), await blockersOf(targeted)]).toEqual([[], []]);
  });

  it("is that all agents are full, until one has room", async () => {
    const workers = [await addWorker(fixture), await addWorker(fixture, { maxConcurrency: 2 })];
    await addWorker(fixture, { state: "OFFLINE" });
    for (let n = 0; n < 3; n += 1) await addTask(fixture);
    const task = await addTask(fixture);
    for (const worker of workers) await claim(worker);
    expect(await blockersOf(task)).toMatchObject([{ reason: "AGENTS_BUSY", running: 3, limit: 3 }]);
    await updateAgent(fixture.runtime, fixture.admin, { agentId: workers[0]!.id, maxConcurrency: 2 });
    expect(await blockersOf(task)).toEqual([]);
    await fixture.database.query(sql`update agents set process_concurrency = 1 where id = ${workers[0]!.id}`);
    expect(await reasonsOf(task)).toEqual(["AGENTS_BUSY"]);
  });

  it("is that no agent is at work, with how many stand how", async () => {
    const worker = await addWorker(fixture, { state: "OFFLINE" });
    await addWorker(fixture, { state: "UNRESPONSIVE" });
    await addWorker(fixture, { state: "UNRESPONSIVE" });
    const task = await addTask(fixture);
    const [blocker, ...others] = await blockersOf(task);
    expect(others).toEqual([]);
    expect(blocker?.reason).toBe("AGENTS_NOT_CONNECTED");
    expect(blocker?.message).toContain("1 OFFLINE, 2 UNRESPONSIVE");
    await fixture.database.query(sql`update agents set state = 'IDLE' where id = ${worker.id}`);
    expect(await blockersOf(task)).toEqual([]);
    await fixture.database.query(sql`update agents set missed_offers = 3 where id = ${worker.id}`);
    expect((await blockersOf(task))[0]?.message).toContain("1 does not start what it is given");
  });

  it.each([
    ["MAINTAIN", "AGENT_IN_MAINTENANCE"],
    ["SUSPEND", "AGENT_SUSPENDED"],
  ] as const)("is that the agent was told to %s", async (action, reason) => {
    const worker = await addWorker(fixture);
    const [any, targeted] = [
      await addTask(fixture),
      await addTask(fixture, { agentId: worker.id, capability: "build" }),
    ];
    await move(worker, action);
    for (const task of [any, targeted]) {
      expect(await blockersOf(task)).toMatchObject([{ reason, agentId: worker.id }]);
    }
    await addWorker(fixture);
    expect(await blockersOf(any)).toEqual([]);
    expect(await reasonsOf(targeted)).toEqual([reason]);
    await move(worker, "RESUME");
    expect(await blockersOf(targeted)).toEqual([]);
  });

  it("is that the agent drains, until that is taken back", async () => {
    const worker = await addWorker(fixture, { maxConcurrency: 5 });
    await addTask(fixture);
    await startOne(worker);
    const task = await addTask(fixture);
    await move(worker, "MAINTAIN", "DRAIN");
    expect(await blockersOf(task)).toMatchObject([{ reason: "AGENT_DRAINING", agentId: worker.id }]);
    await cancelPendingAction(fixture.runtime, fixture.admin, { agentId: worker.id, reason: "no" });
    expect(await blockersOf(task)).toEqual([]);
  });

  it("is that the agent it is for is decommissioned", async () => {
    const worker = await addWorker(fixture, { state: "OFFLINE" });
    const task = await addTask(fixture, { agentId: worker.id });
    expect(await blockersOf(task)).toMatchObject([{ reason: "AGENTS_NOT_CONNECTED", agentId: worker.id }]);
    await fixture.database.query(sql`update agents set state = 'DECOMMISSIONED' where id = ${worker.id}`);
    expect(await blockersOf(task)).toMatchObject([{ reason: "AGENT_DECOMMISSIONED", agentId: worker.id }]);
  });
});
