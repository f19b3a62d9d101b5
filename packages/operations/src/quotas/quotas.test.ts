import { LimitExceeded } from "@muster/domain/errors.ts";
import type { AgentState } from "@muster/domain/agent-lifecycle.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addAgent, addProject, createFixture, type Fixture, only } from "../../test/fixtures.ts";
import { actOnAgent } from "../bulk-jobs/act-on-agent.ts";
import type { BulkJob } from "../bulk-jobs/bulk-job.ts";
import { connectAgent } from "../agents/connect-agent.ts";
import { registerAgent } from "../agents/register-agent.ts";
import { transitionAgent } from "../agents/transition-agent.ts";
import { forkContext } from "../contexts/fork-context.ts";
import { openContext } from "../contexts/open-context.ts";
import { writeContext } from "../contexts/versions/write-context.ts";
import { newId } from "../new-id.ts";
import { updateWorkspace, type UpdateWorkspaceInput } from "../projects/update-workspace.ts";
import { readWorkspaceUsage } from "../projects/workspace-usage.ts";

const AT_ONCE = 50;
const ROOM = 10;
let fixture: Fixture;
/** A project in a workspace of its own for each test. */
let place: { workspaceId: string; projectId: string };
beforeAll(async () => {
  fixture = await createFixture();
});
beforeEach(async () => {
  place = await addProject(fixture.database);
});
afterAll(() => fixture.close());

function limit(quotas: Omit<UpdateWorkspaceInput, "workspaceId">, workspaceId = place.workspaceId) {
  return updateWorkspace(fixture.runtime, fixture.admin, { workspaceId, ...quotas });
}

function register(name: string, projectId = place.projectId) {
  return registerAgent(fixture.runtime, fixture.admin, { projectId, definitionSlug: "builder", name });
}

function open(name: string, projectId = place.projectId) {
  return openContext(fixture.runtime, fixture.admin, { projectId, name });
}

/** Does it many times at once; every refusal has to be this limit. Gives what was done. */
async function race<Result>(quota: string, act: (number: number) => Promise<Result>, times = AT_ONCE) {
  const results = await Promise.allSettled(Array.from({ length: times }, (_, number) => act(number)));
  for (const result of results) {
    if (result.status === "fulfilled") continue;
    expect(result.reason).toBeInstanceOf(LimitExceeded);
    expect(result.reason).toMatchObject({ limit: `workspace.${quota}`, message: expect.stringContaining(quota) });
  }
  return results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

async function count(table: string, where = sql`true`): Promise<number> {
  const [row] = await fixture.database.query<{ count: number }>(
    sql`select count(*)::int as count from ${sql.identifier(table)} where workspace_id = ${place.workspaceId} and ${where}`,
  );
  return row?.count ?? -1;
}

describe("maxAgents", () => {
  it("lets no more through than there is room for, of many at once", async () => {
    await limit({ maxAgents: ROOM });
    expect(await race("maxAgents", (number) => register(`agent ${number}`))).toHaveLength(ROOM);
    expect(await count("agents")).toBe(ROOM);
    expect(await count("api_keys")).toBe(ROOM);
    await expect(register("agent one more")).rejects.toMatchObject({ limit: "workspace.maxAgents" });
  });

  it("has room again when one is decommissioned, or when it is raised or lifted", async () => {
    await limit({ maxAgents: 1 });
    const { agent } = await register("first");
    await expect(register("second")).rejects.toThrow(LimitExceeded);
    await transitionAgent(fixture.runtime, fixture.admin, {
      agentId: agent.id,
      action: "DECOMMISSION",
      reason: "done",
    });
    await register("second");
    await limit({ maxAgents: 2 });
    await register("third");
    await limit({ maxAgents: null });
    await register("fourth");
    await expect(register("fourth")).rejects.toThrow(/is taken/);
  });

  it("locks no workspace that has none", async () => {
    await fixture.database.transaction(async (transaction) => {
      await transaction.query(sql`select from workspaces where id = ${place.workspaceId} for no key update`);
      await register("at once");
      await open("at once");
    });
  });
});

describe("maxRunningAgents", () => {
  const agents = async (states: readonly AgentState[]) =>
    Promise.all(states.map((state, number) => addAgent(fixture, `agent ${number}`, state, place)));

  it("lets no more run than may, of many that are started, resumed and connected at once", async () => {
    await limit({ maxRunningAgents: ROOM });
    const states = ["OFFLINE", "SUSPENDED", "REGISTERED", "ERROR"] as const;
    const all = await agents(Array.from({ length: AT_ONCE }, (_, number) => states[number % 4] ?? "OFFLINE"));
    const moved = await race("maxRunningAgents", async (number) => {
      const agent = all[number];
      if (!agent) throw new Error("no agent");
      const agentId = agent.id;
      const start = (action: "START" | "RESUME") =>
        transitionAgent(fixture.runtime, fixture.admin, { agentId, action, reason: "race" });
      if (number % 4 === 2) return connectAgent(fixture.runtime, agent.caller, { agentId });
      return start(number % 4 === 1 ? "RESUME" : "START");
    });
    expect(moved).toHaveLength(ROOM);
    expect(await count("agents", sql`state in ('DEPLOYING', 'ONLINE', 'IDLE', 'BUSY', 'UNRESPONSIVE')`)).toBe(ROOM);
  });

  it("does not hold up what runs already, or stops", async () => {
    const [online, lost, off] = await agents(["ONLINE", "UNRESPONSIVE", "OFFLINE"]);
    if (!online || !lost || !off) throw new Error("no agents");
    await limit({ maxRunningAgents: 1 });
    const move = (agentId: string, action: "RESTART" | "RECOVER" | "SUSPEND" | "RESUME" | "STOP" | "START") =>
      transitionAgent(fixture.runtime, fixture.admin, { agentId, action, reason: "test" });
    await move(online.id, "RESTART");
    await connectAgent(fixture.runtime, online.caller, { agentId: online.id });
    await move(lost.id, "RECOVER");
    await move(lost.id, "SUSPEND");
    await expect(move(lost.id, "RESUME")).rejects.toThrow(LimitExceeded);
    await expect(connectAgent(fixture.runtime, off.caller, { agentId: off.id })).rejects.toMatchObject({
      limit: "workspace.maxRunningAgents",
      retryAfterMs: 5_000,
    });
    await move(online.id, "STOP");
    await move(lost.id, "RESUME");
    const job = { action: "START", mode: "NOW", reason: "test", creatorKind: "USER", creatorName: "tester" };
    const outcome = await fixture.database.transaction((transaction) =>
      actOnAgent(transaction, { ...job, creatorId: newId(), correlationId: null, ...place } as BulkJob, off.id),
    );
    expect(outcome).toMatchObject({ outcome: "FAILED", message: expect.stringContaining("maxRunningAgents") });
  });
});

describe("maxContexts", () => {
  it("lets no more through than there is room for, of many opened and forked at once", async () => {
    await limit({ maxContexts: ROOM + 1 });
    const source = await open("source");
    await writeContext(fixture.runtime, fixture.admin, { contextId: source.id, data: { here: true } });
    const made = await race("maxContexts", (number) =>
      number % 2 === 0
        ? open(`context ${number}`)
        : forkContext(fixture.runtime, fixture.admin, { contextId: source.id, number: 1, name: `context ${number}` }),
    );
    expect(made).toHaveLength(ROOM);
    expect(await count("contexts")).toBe(ROOM + 1);
    expect((await open("source")).id).toBe(source.id);
    await expect(open("another")).rejects.toThrow(LimitExceeded);
  });
});

it("are told with what there is of each", async () => {
  await limit({ maxAgents: 5, maxRunningAgents: 4, maxTasksPerMinute: 3, maxContexts: 2, maxStorageBytes: 1_000_000 });
  await addAgent(fixture, "on", "ONLINE", place);
  await addAgent(fixture, "gone", "DECOMMISSIONED", place);
  await open("context");
  const usage = await only(readWorkspaceUsage(fixture.runtime, fixture.admin, [place.workspaceId]));
  expect(usage).toMatchObject({
    agents: { count: 2 },
    activeAgents: { count: 1 },
    runningAgents: { count: 1 },
    contexts: { count: 1 },
    tasksThisMinute: 0,
    storageBytes: 0,
  });
});
