import { randomBytes } from "node:crypto";
import { type Database, openDatabase } from "@muster/database/database.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { type Actor, type Caller, everywhere } from "@muster/domain/actor.ts";
import { formatId } from "@muster/domain/ids.ts";
import { AGENT_PERMISSIONS, PERMISSIONS } from "@muster/domain/permissions.ts";
import { presentPosition } from "@muster/events/locate.ts";
import { DEFAULT_SIZES } from "@muster/events/read-batch.ts";
import { connectAgent } from "@muster/operations/agents/connect-agent.ts";
import { registerAgent } from "@muster/operations/agents/register-agent.ts";
import { createBulkJob } from "@muster/operations/bulk-jobs/create-bulk-job.ts";
import { runBulkJobs } from "@muster/operations/bulk-jobs/run-bulk-jobs.ts";
import { forkContext } from "@muster/operations/contexts/fork-context.ts";
import { openContext } from "@muster/operations/contexts/open-context.ts";
import { pinVersion } from "@muster/operations/contexts/retention/pin-version.ts";
import { rollBackContext } from "@muster/operations/contexts/rollbacks/roll-back-context.ts";
import { getVersionData } from "@muster/operations/contexts/versions/version-queries.ts";
import { writeContext } from "@muster/operations/contexts/versions/write-context.ts";
import { registerDefinition } from "@muster/operations/definitions/register-definition.ts";
import { createProject } from "@muster/operations/projects/create-project.ts";
import { createWorkspace } from "@muster/operations/projects/create-workspace.ts";
import { pauseQueue } from "@muster/operations/queues/pause-queue.ts";
import { updateQueue } from "@muster/operations/queues/update-queue.ts";
import { setRateLimit } from "@muster/operations/rate-limits/set-rate-limit.ts";
import type { Runtime } from "@muster/operations/runtime.ts";
import { DEFAULT_SETTINGS } from "@muster/operations/settings.ts";
import { cancelTask } from "@muster/operations/tasks/cancel-task.ts";
import { claimTasks } from "@muster/operations/tasks/claim-tasks.ts";
import { createTask } from "@muster/operations/tasks/create-task.ts";
import { createTasks } from "@muster/operations/tasks/create-tasks.ts";
import { reportProgress } from "@muster/operations/tasks/report-progress.ts";
import { retryTask } from "@muster/operations/tasks/retry-task.ts";
import { startTask } from "@muster/operations/tasks/start-task.ts";
import { createSchedule } from "@muster/operations/schedules/create-schedule.ts";
import { triggerSchedule } from "@muster/operations/schedules/trigger-schedule.ts";
import { claimDeliveries } from "@muster/operations/webhooks/claim-deliveries.ts";
import { createWebhook } from "@muster/operations/webhooks/create-webhook.ts";
import { finishDelivery } from "@muster/operations/webhooks/finish-delivery.ts";
import { queueDeliveries } from "@muster/operations/webhooks/queue-deliveries.ts";
import { replayWebhook } from "@muster/operations/webhooks/replay-webhook.ts";
import { createWorkflow } from "@muster/operations/workflows/create-workflow.ts";
import { type RequestContext, runtimesOf } from "../src/request-context.ts";
import { addPerson } from "./busy-people.ts";

const noHints = { waitForWork: async () => {}, closing: new AbortController().signal };

/** The workspace `fleet` with as many projects, and in the first of them as many agents at work as asked for. */
export interface BusyFleet {
  readonly url: string;
  readonly database: Database;
  readonly runtime: Runtime;
  /** May do everything, everywhere. */
  readonly admin: Caller;
  readonly path: string;
  readonly projectId: string;
  readonly agentIds: readonly string[];
  close(): Promise<void>;
}

export async function createBusyFleet(size: number): Promise<BusyFleet> {
  const { url, drop } = await createTestDatabase();
  const database = openDatabase({ url });
  const settings = { ...DEFAULT_SETTINGS, encryptionKey: randomBytes(32) };
  const runtime: Runtime = { database, settings, committed: () => {} };
  const admin = callerOf({ kind: "API_KEY", id: null, name: "admin", permissions: new Set(PERMISSIONS) });
  const workspace = await createWorkspace(runtime, admin, { slug: "fleet", name: "Fleet" });
  const numbers = Array.from({ length: size }, (_, number) => number);
  for (const number of numbers) {
    await registerDefinition(runtime, admin, {
      slug: `worker-${number}`,
      name: "Worker",
      type: "worker",
      capabilities: ["work"],
    });
  }
  const projects = await Promise.all(
    numbers.map((number) =>
      createProject(runtime, admin, { workspaceId: workspace.id, slug: `project-${number}`, name: "Project" }),
    ),
  );
  const busy = (projectId: string, number: number) => addBusyAgent(runtime, admin, projectId, number);
  const [first] = projects;
  if (!first) throw new Error("A fleet has at least one project.");
  await addBulkJobs(runtime, admin, first.id, size);
  for (const number of numbers) await addWorkflow(runtime, admin, first.id, number);
  for (const number of numbers) await addPausedQueue(runtime, admin, first.id, number);
  for (const number of numbers) await addSchedule(runtime, admin, first.id, number);
  for (const number of numbers) await addPerson(runtime, admin, workspace.id, number);
  const agentIds = await Promise.all(numbers.map((number) => busy(first.id, number)));
  await Promise.all(projects.slice(1).map((project, number) => busy(project.id, number)));
  await Promise.all(
    agentIds.map((agentId, number) => addWebhook(runtime, admin, { projectId: first.id, agentId, number })),
  );
  await deliverAll(runtime);
  return {
    url,
    database,
    runtime,
    admin,
    path: first.path,
    projectId: first.id,
    agentIds,
    async close() {
      await database.close();
      await drop();
    },
  };
}

/** Something of everything in a project: gives the agent at work in it. Its deliveries wait for `deliverAll`. */
export async function fillProject(runtime: Runtime, admin: Caller, projectId: string, number: number): Promise<string> {
  await addBulkJobs(runtime, admin, projectId, 1);
  await addWorkflow(runtime, admin, projectId, number);
  await addPausedQueue(runtime, admin, projectId, number);
  await addSchedule(runtime, admin, projectId, number);
  const agentId = await addBusyAgent(runtime, admin, projectId, number);
  await addWebhook(runtime, admin, { projectId, agentId, number });
  return agentId;
}

/** An agent that runs three tasks, one of them another's replay, and has a context that is being rolled back. */
async function addBusyAgent(runtime: Runtime, admin: Caller, projectId: string, number: number): Promise<string> {
  const { agent } = await registerAgent(runtime, admin, {
    projectId,
    definitionSlug: `worker-${number}`,
    name: `agent-${number}`,
    maxConcurrency: 10,
  });
  const caller = callerOf({ kind: "AGENT", id: agent.id, name: agent.name, permissions: new Set(AGENT_PERMISSIONS) });
  const { incarnation } = await connectAgent(runtime, caller, { agentId: agent.id });
  const context = await openContext(runtime, caller, { projectId, agentId: agent.id, name: "notes" });
  for (const value of [1, 2]) await writeContext(runtime, caller, { contextId: context.id, data: { value } });
  await getVersionData(runtime, caller, [{ contextId: context.id, number: 2 }]);
  await rollBackContext(runtime, admin, { contextId: context.id, toVersion: 1, reason: "it was wrong" });
  await pinVersion(runtime, caller, { contextId: context.id, number: 1, name: "before" });
  await forkContext(runtime, caller, { contextId: context.id, number: 2, agentId: agent.id, name: "notes, tried" });
  const meant = { projectId, kind: "work", input: { number }, agentId: agent.id };
  const [cancelled] = await createTasks(runtime, admin, { tasks: [{ ...meant, kind: "again" }, meant, meant] });
  if (!cancelled) throw new Error("No task was created.");
  await cancelTask(runtime, admin, { taskId: cancelled.task.id, reason: "once more" });
  await retryTask(runtime, admin, { taskId: cancelled.task.id });
  for (const { id: taskId, attempt } of await claimTasks(runtime, noHints, caller, {
    agentId: agent.id,
    incarnation,
    max: 10,
  })) {
    await startTask(runtime, caller, { taskId, attempt });
    await reportProgress(runtime, caller, { taskId, attempt, progress: 0.5, chunk: { line: "half" } });
  }
  return agent.id;
}

/** A queue with a limit that is paused, a task in it that no agent can do, and a rate limit. */
async function addPausedQueue(runtime: Runtime, admin: Caller, projectId: string, number: number): Promise<void> {
  const queue = `queue-${number}`;
  await updateQueue(runtime, admin, { projectId, queue, maxRunning: 5 });
  await pauseQueue(runtime, admin, { projectId, queue, reason: "not now" });
  await setRateLimit(runtime, admin, { projectId, key: `limit-${number}`, max: 10, periodMs: 60_000 });
  await createTask(runtime, admin, { projectId, kind: "blocked", queue, input: { number } });
}

/** A schedule that has created a task of which nobody is capable. */
async function addSchedule(runtime: Runtime, admin: Caller, projectId: string, number: number): Promise<void> {
  const task = { kind: "scheduled", input: { number } };
  const made = await createSchedule(runtime, admin, {
    projectId,
    name: `every-day-${number}`,
    cron: "0 3 * * *",
    task,
  });
  await triggerSchedule(runtime, admin, { scheduleId: made.id });
}

/** A workflow of two steps that nobody runs. */
async function addWorkflow(runtime: Runtime, admin: Caller, projectId: string, number: number): Promise<void> {
  const task = { kind: "step", input: { number } };
  const tasks = [
    { step: "first", task },
    { step: "last", dependsOn: ["first"], task },
  ];
  await createWorkflow(runtime, admin, { projectId, name: `workflow-${number}`, onFailure: "CANCEL_ALL", tasks });
}

/** Bulk jobs that have run the same two tasks again. */
async function addBulkJobs(runtime: Runtime, admin: Caller, projectId: string, count: number): Promise<void> {
  const task = { projectId, kind: "bulk", priority: -1, input: {} };
  for (const created of await createTasks(runtime, admin, { tasks: [task, task] })) {
    await cancelTask(runtime, admin, { taskId: created.task.id, reason: "all at once" });
  }
  const filter = { kinds: ["bulk"], states: ["CANCELLED" as const] };
  for (let job = 0; job < count; job += 1) {
    await createBulkJob(runtime, admin, "RETRY", { projectId, filter, reason: "once more" });
  }
  await runBulkJobs(runtime, (error) => {
    throw error;
  });
}

/** A webhook for what happens to the tasks of an agent, from the beginning. */
async function addWebhook(
  runtime: Runtime,
  admin: Caller,
  { projectId, agentId, number }: { projectId: string; agentId: string; number: number },
): Promise<void> {
  const { webhook } = await createWebhook(runtime, admin, {
    projectId,
    name: `webhook-${number}`,
    url: "https://example.com/",
    filter: { types: ["task.transitioned"], agents: [formatId("agent", agentId)] },
  });
  await replayWebhook(runtime, admin, { webhookId: webhook.id, since: new Date(0), reason: "from the beginning" });
}

/** Queues all there is, and has the first of each subject delivered. */
export async function deliverAll(runtime: Runtime): Promise<void> {
  const { installation, position } = await presentPosition(runtime.database);
  const onError = (error: Error) => {
    throw error;
  };
  while (
    await queueDeliveries(runtime, {
      known: { installation, snapshot: position.snapshot },
      sizes: DEFAULT_SIZES,
      onError,
    })
  );
  for (const delivery of await claimDeliveries(runtime, 1_000)) {
    await finishDelivery(runtime, delivery, { status: 200, error: null, excerpt: "received", durationMs: 3 });
  }
}

/** What a query or mutation runs in, as the fleet's admin. They have nothing to do with what is live. */
export function requestContextOf({ admin, runtime }: Pick<BusyFleet, "admin" | "runtime">): RequestContext {
  return {
    caller: admin,
    ...runtimesOf(runtime, admin),
    cursor: "",
    feed: null as never,
    cohorts: null as never,
    lastEventId: null,
    assignments: null as never,
    taskWatch: null as never,
  };
}

export function callerOf(actor: Omit<Actor, "reach">): Caller {
  return { actor: { ...actor, reach: everywhere }, correlationId: "test", origin: null };
}
