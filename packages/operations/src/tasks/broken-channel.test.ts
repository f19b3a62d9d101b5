import { afterAll, beforeAll, expect, it } from "vitest";
import { expectSettled } from "../../test/consistency.ts";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { type Replica, startReplica } from "../../test/replica.ts";
import { addTask, addWorker, agentRow, eventsOf, eventually } from "../../test/workers.ts";
import { connectAgent } from "../agents/connect-agent.ts";
import { heartbeat } from "../agents/heartbeat.ts";
import { loseAgents } from "../agents/lose-agents.ts";
import { completeTask } from "./complete-task.ts";
import { startTask } from "./start-task.ts";
import { getTasks } from "./task-queries.ts";

let fixture: Fixture;
let replica: Replica;
beforeAll(async () => {
  fixture = await createFixture({ leaseMs: 1_500, startTimeoutMs: 300, missedOffersLimit: 3 });
  replica = await startReplica(fixture);
});
afterAll(async () => {
  await replica.stop();
  await fixture.close();
});

const read = async (id: string) => (await getTasks(fixture.runtime, fixture.admin, [id]))[0]!;

it("an agent that heartbeats and starts nothing: its offers go back, it counts as lost, and keeps what it runs", async () => {
  const { runtime } = fixture;
  const worker = await addWorker(fixture, { maxConcurrency: 2 });
  const { incarnation } = await connectAgent(runtime, worker.caller, { agentId: worker.id, capabilities: ["build"] });
  const agent = { ...worker, incarnation };
  const long = await addTask(fixture, { agentId: worker.id });
  await replica.claim(agent, 1);
  await startTask(runtime, worker.caller, { taskId: long.id, attempt: 1 });

  let beating = true;
  const beat = async () => {
    for (let sequence = 1; beating; sequence += 1) {
      await heartbeat(runtime, worker.caller, { ...agent, sequence, tasks: [{ taskId: long.id, attempt: 1 }] });
      await loseAgents(runtime);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const beats = beat();
  // Listens, and does nothing about what it hears.
  const inbox = replica.assignments.open({ ...agent, projectId: fixture.projectId });
  const offered = await addTask(fixture);
  await eventually(async () => (await agentRow(fixture, worker.id)).state === "UNRESPONSIVE");
  const offers = (await eventsOf(fixture, offered.id)).map(({ payload }) => payload["action"]);
  expect(offers).toEqual(["CREATE", "ASSIGN", "RETURN", "ASSIGN", "RETURN", "ASSIGN", "RETURN"]);
  expect(await read(offered.id)).toMatchObject({ state: "QUEUED", attempt: 3, failures: 0, error: null });
  expect((await eventsOf(fixture, worker.id)).at(-1)).toMatchObject({
    payload: { action: "LOSE", from: "BUSY" },
    reason: "It did not start 3 tasks in a row that it was offered.",
  });
  await expectSettled(fixture.database);

  // Another one takes what it did not, and its heartbeats keep its run far beyond the lease.
  const other = await addWorker(fixture);
  const [task] = await replica.claim(other, 1, 5_000);
  expect(task).toMatchObject({ id: offered.id, attempt: 4 });
  const attempt = { taskId: offered.id, attempt: 4 };
  await startTask(runtime, other.caller, attempt);
  await completeTask(runtime, other.caller, { ...attempt, output: "other" });
  await new Promise((resolve) => setTimeout(resolve, 1_800));
  expect(await read(long.id)).toMatchObject({ state: "RUNNING", attempt: 1, failures: 0 });
  expect(await agentRow(fixture, worker.id)).toMatchObject({ state: "UNRESPONSIVE", activeTasks: 1, held: 1 });

  // Its heartbeats end, and with them the lease.
  beating = false;
  await beats;
  await inbox.return();
  await eventually(async () => (await read(long.id)).state === "QUEUED");
  expect(await read(long.id)).toMatchObject({ failures: 1, error: { kind: "lease_expired" } });
  expect(await agentRow(fixture, worker.id)).toMatchObject({ state: "UNRESPONSIVE", activeTasks: 0 });
  await expectSettled(fixture.database);
});
