import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createFixture, type Fixture } from "../../test/fixtures.ts";
import { holdTask } from "../../test/held-tasks.ts";
import { cancelPendingAction } from "../agents/cancel-pending-action.ts";
import { connectAgent } from "../agents/connect-agent.ts";
import { loseAgents } from "../agents/lose-agents.ts";
import { registerAgent } from "../agents/register-agent.ts";
import { rotateAgentKey } from "../agents/rotate-agent-key.ts";
import { transitionAgent } from "../agents/transition-agent.ts";
import { updateAgent } from "../agents/update-agent.ts";
import { acknowledgeContext } from "../contexts/rollbacks/acknowledge-context.ts";
import { openContext } from "../contexts/open-context.ts";
import { releaseVersion } from "../contexts/rollbacks/release-version.ts";
import { rollBackContext } from "../contexts/rollbacks/roll-back-context.ts";
import { writeContext } from "../contexts/versions/write-context.ts";
import { registerDefinition } from "../definitions/register-definition.ts";
import { createProject } from "../projects/create-project.ts";
import { createWorkspace } from "../projects/create-workspace.ts";
import { cancelTask } from "../tasks/cancel-task.ts";
import { claimReady } from "../tasks/claim-tasks.ts";
import { completeTask } from "../tasks/complete-task.ts";
import { createTask } from "../tasks/create-task.ts";
import { retryTask } from "../tasks/retry-task.ts";
import type { EventFilterInput } from "./event-filter.ts";
import { listEvents } from "./event-queries.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture();
});
afterAll(() => fixture.close());

async function newAgent(name: string, labels: Record<string, string> | null): Promise<string> {
  const { runtime, admin, projectId } = fixture;
  const { agent } = await registerAgent(runtime, admin, { projectId, definitionSlug: "builder", name, labels });
  return agent.id;
}

/** Does with an agent nearly all that makes events about it, with tasks and contexts, and leaves it OFFLINE. */
async function liveThrough(agentId: string): Promise<void> {
  const { runtime, admin, projectId } = fixture;
  await rotateAgentKey(runtime, admin, { agentId });
  const { incarnation } = await connectAgent(runtime, admin, { agentId, capabilities: ["build"] });
  await createTask(runtime, admin, { projectId, kind: "build", input: {} });
  const [claimed] = await claimReady(runtime, admin, { agentId, incarnation, max: 1 });
  await cancelTask(runtime, admin, { taskId: claimed?.id ?? "", reason: "test" });
  const retried = await retryTask(runtime, admin, { taskId: claimed?.id ?? "" });
  await cancelTask(runtime, admin, { taskId: retried.id, reason: "test" });
  const held = await holdTask(fixture, agentId);
  await transitionAgent(runtime, admin, { agentId, action: "SUSPEND", reason: "test" });
  await cancelPendingAction(runtime, admin, { agentId, reason: "test" });
  await transitionAgent(runtime, admin, { agentId, action: "SUSPEND", reason: "test" });
  await completeTask(runtime, admin, { taskId: held.id, attempt: held.attempt });
  await transitionAgent(runtime, admin, { agentId, action: "RESUME", reason: "test" });
  const own = await openContext(runtime, admin, { projectId, agentId, name: `own ${incarnation}` });
  const contextId = own.id;
  for (const n of [1, 2]) await writeContext(runtime, admin, { contextId, data: { n, incarnation } });
  await acknowledgeContext(runtime, admin, { contextId, agentId, version: 2, ok: true });
  await rollBackContext(runtime, admin, { contextId, toVersion: 1, reason: "test" });
  await acknowledgeContext(runtime, admin, { contextId, agentId, version: 3, ok: true });
  await releaseVersion(runtime, admin, { contextId, number: 2, reason: "test" });
  await rollBackContext(runtime, admin, { contextId, toVersion: 2, reason: "test" });
  await fixture.database.query(sql`update agents set missed_offers = 1000 where id = ${agentId}`);
  await loseAgents(runtime);
  await transitionAgent(runtime, admin, { agentId, action: "STOP", reason: "test" });
}

async function listed(filter: EventFilterInput): Promise<{ type: string; agentId: string | null; labels: unknown }[]> {
  const scope = { projectIds: [fixture.projectId] };
  const pages = await listEvents(fixture.runtime, fixture.admin, { scope, filter, page: { first: 200 } });
  const page = pages.get(fixture.projectId);
  if (!page || page instanceof Error) throw new Error("no page");
  return page.edges.map(({ node: { type, agentId, labels } }) => ({ type, agentId, labels }));
}

it("gives each event the labels that the agent which it concerns had when it happened", async () => {
  const agentId = await newAgent("relabelled", { tier: "front", zone: "é" });
  await liveThrough(agentId);
  await updateAgent(fixture.runtime, fixture.admin, { agentId, labels: { tier: "back" } });
  await liveThrough(agentId);
  const events = await listed({ agents: [agentId] });
  const updated = events.findIndex((event) => event.type === "agent.updated");
  for (const event of events.slice(0, updated)) expect(event).toMatchObject({ labels: { tier: "front", zone: "é" } });
  for (const event of events.slice(updated)) expect(event).toMatchObject({ labels: { tier: "back" } });
  const kinds = new Set(events.slice(0, updated).map((event) => event.type));
  expect([...kinds].sort()).toEqual([
    "agent.connected",
    "agent.drain_cancelled",
    "agent.drain_requested",
    "agent.key_rotated",
    "agent.registered",
    "agent.transitioned",
    "context.opened",
    "context.rollback_agent_dropped",
    "context.rollback_confirmed",
    "context.rollback_settled",
    "context.version_released",
    "context.version_written",
    "task.transitioned",
  ]);
  expect(await listed({ labels: { tier: "front" } })).toEqual(events.slice(0, updated));
  expect(await listed({ labels: { tier: "back", zone: "é" } })).toEqual([]);
  expect((await listed({ labels: {} })).length).toBe(events.length);
});

it("gives no labels to what concerns no agent, and none but its own to an agent's", async () => {
  const { runtime, admin, projectId, workspaceId } = fixture;
  const agentId = await newAgent("plain", null);
  expect(await listed({ agents: [agentId] })).toEqual([{ type: "agent.registered", agentId, labels: {} }]);
  const workspace = await createWorkspace(runtime, admin, { slug: "labelled", name: "Labelled" });
  await createProject(runtime, admin, { workspaceId: workspace.id, slug: "labelled", name: "Labelled" });
  await registerDefinition(runtime, admin, {
    workspaceId,
    slug: "other",
    name: "Other",
    type: "process",
    capabilities: [],
  });
  await createTask(runtime, admin, { projectId, kind: "nobody", input: {} });
  const { id } = await openContext(runtime, admin, { projectId, name: "shared" });
  await writeContext(runtime, admin, { contextId: id, data: {} });
  const rows = await fixture.database.query<{ types: string[]; labelled: number }>(sql`
    select array_agg(distinct type order by type) as types, count(labels)::int as labelled from events where agent_id is null`);
  const types = [
    "context.opened",
    "context.version_written",
    "definition.registered",
    "project.created",
    "task.transitioned",
    "workspace.created",
  ];
  expect(rows).toEqual([{ types, labelled: 0 }]);
});

it("finds transitions by the state that they led to", async () => {
  const agentId = await newAgent("travelled", {});
  await liveThrough(agentId);
  const found = async (states: EventFilterInput["states"]) =>
    (await listed({ agents: [agentId], states })).map((event) => event.type);
  expect(await found(["SUSPENDED"])).toEqual(["agent.transitioned"]);
  expect(await found(["SUCCEEDED"])).toEqual(["task.transitioned"]);
  expect(await found(["UNRESPONSIVE", "SUCCEEDED"])).toEqual(["task.transitioned", "agent.transitioned"]);
  expect(await found(["DECOMMISSIONED"])).toEqual([]);
  expect(await found([])).toEqual([]);
});
