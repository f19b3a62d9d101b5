import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bulkJobsOn } from "../test/bulk-jobs.ts";
import { type Fixture, only } from "../test/fixtures.ts";
import { addSchedule } from "../test/schedules.ts";
import { createWebhookFixture } from "../test/webhooks.ts";
import { connectAgent } from "./agents/connect-agent.ts";
import { registerAgent } from "./agents/register-agent.ts";
import { transitionAgent } from "./agents/transition-agent.ts";
import { openContext } from "./contexts/open-context.ts";
import { rollBackContext } from "./contexts/rollbacks/roll-back-context.ts";
import { writeContext } from "./contexts/versions/write-context.ts";
import { registerDefinition } from "./definitions/register-definition.ts";
import { listEvents } from "./events/event-queries.ts";
import { newId } from "./new-id.ts";
import { createProject } from "./projects/create-project.ts";
import { createWorkspace } from "./projects/create-workspace.ts";
import { updateProject } from "./projects/update-project.ts";
import { updateWorkspace } from "./projects/update-workspace.ts";
import { pauseQueue } from "./queues/pause-queue.ts";
import { setRateLimit } from "./rate-limits/set-rate-limit.ts";
import { createSavedView } from "./saved-views/create-saved-view.ts";
import { cancelTask } from "./tasks/cancel-task.ts";
import { claimReady } from "./tasks/claim-tasks.ts";
import { completeTask } from "./tasks/complete-task.ts";
import { createTask } from "./tasks/create-task.ts";
import { failTask } from "./tasks/fail-task.ts";
import { reportProgress } from "./tasks/report-progress.ts";
import { startTask } from "./tasks/start-task.ts";
import { createWebhook } from "./webhooks/create-webhook.ts";
import { createWorkflow } from "./workflows/create-workflow.ts";

const ORIGIN = { credentialId: newId(), address: "2001:db8::7" };

/** A fixture whose admin asks from somewhere. */
let fixture: Fixture;
beforeAll(async () => {
  const made = await createWebhookFixture();
  fixture = { ...made, admin: { ...made.admin, correlationId: `a "b", {c} \\ null`, origin: ORIGIN } };
});
afterAll(() => fixture.close());

/** The types of the events, and whether each says where it came from. */
const origins = () =>
  fixture.database.query<{ type: string; traced: boolean }>(sql`
    select distinct type, credential_id is not distinct from ${ORIGIN.credentialId}::uuid
      and host(address) is not distinct from ${ORIGIN.address} and correlation_id = ${fixture.admin.correlationId} as traced
    from events order by type`);

it("is in every event of what somebody asked for", async () => {
  const { runtime, admin, projectId } = fixture;
  const workspace = await createWorkspace(runtime, admin, { slug: "made", name: "Made" });
  await updateWorkspace(runtime, admin, { workspaceId: workspace.id, name: "Named" });
  const project = await createProject(runtime, admin, { workspaceId: workspace.id, slug: "p", name: "P" });
  await updateProject(runtime, admin, { projectId: project.id, name: "Q" });
  await registerDefinition(runtime, admin, { slug: "other", name: "Other", type: "process", capabilities: [] });
  const { agent } = await registerAgent(runtime, admin, { projectId, definitionSlug: "builder", name: "b" });
  await transitionAgent(runtime, admin, { agentId: agent.id, action: "START", reason: "now" });
  const { incarnation } = await connectAgent(runtime, admin, { agentId: agent.id, capabilities: ["build"] });
  const run = async () => {
    await createTask(runtime, admin, { projectId, agentId: agent.id, kind: "build", input: {}, maxFailures: 1 });
    const [task] = await claimReady(runtime, admin, { agentId: agent.id, incarnation, max: 1 });
    const attempt = { taskId: task!.id, attempt: task!.attempt };
    await startTask(runtime, admin, attempt);
    return attempt;
  };
  const first = await run();
  await reportProgress(runtime, admin, { ...first, progress: 0.5 });
  await completeTask(runtime, admin, { ...first, output: null });
  await failTask(runtime, admin, { ...(await run()), message: "x", retryable: false });
  const { task: unwanted } = await createTask(runtime, admin, { projectId, kind: "kept", input: {} });
  await cancelTask(runtime, admin, { taskId: unwanted.id, reason: "no" });
  await createWorkflow(runtime, admin, {
    projectId,
    name: "w",
    onFailure: "CANCEL_ALL",
    tasks: [{ step: "a", task: { kind: "build", input: {} } }],
  });
  const context = await openContext(runtime, admin, { projectId, name: "notes" });
  for (const a of [1, 2]) await writeContext(runtime, admin, { contextId: context.id, data: { a } });
  await rollBackContext(runtime, admin, { contextId: context.id, toVersion: 1, reason: "back" });
  await pauseQueue(runtime, admin, { projectId, queue: "default", reason: "wait" });
  await setRateLimit(runtime, admin, { projectId, key: "api", max: 1, periodMs: 1_000 });
  await addSchedule(fixture);
  await createSavedView(runtime, admin, { projectId, screen: "FLEET", name: "v", query: "state=ERROR" });
  await createWebhook(runtime, admin, { projectId, name: "h", url: "http://127.0.0.1:9/" });
  await bulkJobsOn(fixture).retry(["kept"]);

  const found = await origins();
  expect(found.filter(({ traced }) => !traced)).toEqual([]);
  expect(found.map(({ type }) => type)).toEqual([
    "agent.connected",
    "agent.registered",
    "agent.transitioned",
    "bulk_job.created",
    "context.opened",
    "context.rollback_settled",
    "context.version_written",
    "definition.registered",
    "project.created",
    "project.updated",
    "queue.paused",
    "rate_limit.created",
    "saved_view.created",
    "schedule.created",
    "task.transitioned",
    "webhook.created",
    "workflow.created",
    "workspace.created",
    "workspace.updated",
  ]);
});

it("is read with an event, and absent where Muster acts by itself", async () => {
  const { runtime, admin, projectId, database } = fixture;
  await database.query(sql`
    insert into events (workspace_id, project_id, type, subject_id, subject_version, actor_kind, actor_name, payload)
    values (${fixture.workspaceId}, ${projectId}, 'project.updated', ${projectId}, 2, 'SYSTEM', 'sweeper', '{}')`);
  const { edges } = await only(listEvents(runtime, admin, { scope: { projectIds: [projectId] }, page: { last: 2 } }));
  expect(edges.map(({ node }) => ({ credentialId: node.credentialId, address: node.address }))).toEqual([
    ORIGIN,
    { credentialId: null, address: null },
  ]);
});
