import {
  Conflict,
  Forbidden,
  IllegalTransition,
  InvalidInput,
  NotFound,
  VersionHeld,
  VersionPruned,
} from "@muster/domain/errors.ts";
import { AGENT_PERMISSIONS, type Permission } from "@muster/domain/permissions.ts";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundlesOn } from "../../test/bundles.ts";
import { violationsIn } from "../../test/consistency.ts";
import { addProject, callerOf, createFixture, type Fixture } from "../../test/fixtures.ts";
import { agentEvents, agentRow, holdTask, transitionsOf } from "../../test/held-tasks.ts";
import { connectAgent } from "../agents/connect-agent.ts";
import { transitionAgent } from "../agents/transition-agent.ts";
import { getLastConfirmations } from "../contexts/rollbacks/confirmation-queries.ts";
import { readContext } from "../contexts/context-queries.ts";
import { pruneContexts } from "../contexts/retention/prune-contexts.ts";
import { completeTask } from "../tasks/complete-task.ts";

let fixture: Fixture;
let on: ReturnType<typeof bundlesOn>;
beforeAll(async () => {
  fixture = await createFixture();
  on = bundlesOn(fixture);
});
afterAll(() => fixture.close());

/** An agent with bundles 1 (registered), 2 (plan 1), 3 (plan 2), 4 (config and limits), 5 (notes 1). */
async function changedAgent() {
  const { id } = await on.agent({ level: 1 });
  const plan = await on.context(id, "plan");
  await on.write(plan, { step: 1 });
  await on.write(plan, { step: 2 });
  await on.update(id, { config: { level: 2 }, maxConcurrency: 2 });
  const notes = await on.context(id, "notes");
  await on.write(notes, ["a"]);
  return { id, plan, notes };
}
const online = (agentId: string) => connectAgent(fixture.runtime, fixture.admin, { agentId });
const contextOf = (id: string) => readContext(fixture.database, fixture.admin, id);
const typesSince = async (agentId: string, first: number) => {
  const rows = await fixture.database.query<{ type: string }>(
    sql`select type from events where agent_id = ${agentId} order by id offset ${first}`,
  );
  return rows.map(({ type }) => type);
};

describe("rollBackAgent", () => {
  it("restores config, limits and own contexts together; what the bundle does not know stays", async () => {
    const { id, plan, notes } = await changedAgent();
    const events = (await typesSince(id, 0)).length;
    const { agent, changed, bundle } = await on.rollBack(id, 2);
    expect({ changed, bundle }).toEqual({ changed: true, bundle: 7 });
    expect(agent).toMatchObject({ config: { level: 1 }, configVersion: 3, maxConcurrency: 1, state: "REGISTERED" });
    expect(await on.now(id)).toEqual({ ...(await on.at(id, 2)), contexts: { plan: { step: 1 }, notes: ["a"] } });
    expect(await on.at(id, 7)).toEqual(await on.now(id));
    expect((await on.list(id)).slice(5)).toMatchObject([
      { number: 6, changes: ["CONFIG", "LIMITS"], rolledBackTo: 2, reason: "it went wrong" },
      { number: 7, changes: ["CONTEXT"], contextId: plan, contextVersion: 3, rolledBackTo: 2, reason: "it went wrong" },
    ]);
    expect(await contextOf(plan)).toMatchObject({ rollbackPointer: 1, rollbackVersion: 3, rollbackState: "SUCCEEDED" });
    expect(await contextOf(notes)).toMatchObject({ currentVersion: 1, rollbackPointer: null });
    expect(await typesSince(id, events)).toEqual([
      "agent.updated",
      "context.version_written",
      "context.rollback_settled",
      "agent.rolled_back",
    ]);
    expect((await agentEvents(fixture, id)).at(-1)).toMatchObject({
      reason: "it went wrong",
      payload: { toBundle: 2, bundle: 7, contexts: 1, tasks: "KEEP", configVersion: 3, maxConcurrency: 1 },
    });
  });

  it("holds what it skips, like the rollback of a context", async () => {
    const { id, plan } = await changedAgent();
    await on.rollBack(id, 2);
    await expect(on.write(plan, { step: 2 })).rejects.toThrow(VersionHeld);
  });

  it("moves the definition version with its capabilities and the config that it was checked with", async () => {
    await on.defineWorker(["old"], { required: ["a"] });
    const { id } = await on.agent({ a: 1 }, "worker");
    const { version } = await on.defineWorker(["new"], { required: ["b"] });
    await on.update(id, { definitionVersion: version, config: { b: 1 } });
    const { agent } = await on.rollBack(id, 1);
    expect(agent).toMatchObject({ definitionVersion: version - 1, config: { a: 1 }, capabilities: ["old"] });
    expect(await on.list(id)).toMatchObject([{}, {}, { changes: ["DEFINITION_VERSION", "CONFIG"], rolledBackTo: 1 }]);
  });

  it("goes forward again with the same call", async () => {
    const { id } = await changedAgent();
    const whole = await on.now(id);
    await on.rollBack(id, 2);
    expect(await on.rollBack(id, 5)).toMatchObject({ changed: true, bundle: 9 });
    expect(await on.now(id)).toEqual(whole);
  });

  it("writes nothing when nothing differs, also in other versions with the same data", async () => {
    const { id, plan } = await changedAgent();
    await on.write(plan, { step: 1 });
    await on.update(id, { config: { level: 1 }, maxConcurrency: 1 });
    const events = await typesSince(id, 0);
    for (const bundle of [2, 7]) expect(await on.rollBack(id, bundle)).toMatchObject({ changed: false, bundle: 7 });
    expect([await on.head(id), await typesSince(id, 0)]).toEqual([7, events]);
  });

  it("changes only what differs: contexts alone, or the agent alone", async () => {
    const { id, plan } = await changedAgent();
    await on.write(plan, { step: 3 });
    expect(await on.rollBack(id, 5)).toMatchObject({ bundle: 7, agent: { configVersion: 2 } });
    await on.update(id, { config: { level: 3 } });
    expect(await on.rollBack(id, 7)).toMatchObject({ bundle: 9, agent: { configVersion: 4 } });
    expect(await contextOf(plan)).toMatchObject({ currentVersion: 4 });
  });

  it("asks the running agent, which keeps its tasks", async () => {
    const { id, plan } = await changedAgent();
    await online(id);
    await holdTask(fixture, id);
    const { agent } = await on.rollBack(id, 2);
    expect(agent).toMatchObject({ state: "BUSY", pendingAction: null, activeTasks: 1 });
    expect(await contextOf(plan)).toMatchObject({ rollbackState: "PENDING" });
    expect(await getLastConfirmations(fixture.runtime, fixture.admin, [plan])).toMatchObject([
      { agentId: id, version: 3, state: "PENDING" },
    ]);
  });

  it("supersedes a rollback of a context that waits still", async () => {
    const { id, plan } = await changedAgent();
    await online(id);
    await on.rollBack(id, 2);
    await on.rollBack(id, 3);
    const settled = await fixture.database.query(
      sql`select payload ->> 'state' as state from events where context_id = ${plan} and type = 'context.rollback_settled'`,
    );
    expect(settled).toEqual([{ state: "FAILED" }]);
    expect(await contextOf(plan)).toMatchObject({ rollbackState: "PENDING", rollbackPointer: 2 });
  });
});

describe("rollBackAgent with tasks: DRAIN", () => {
  it("restarts an agent without tasks at once: its next process has everything, so nobody has to confirm", async () => {
    const { id, plan } = await changedAgent();
    await online(id);
    const { agent } = await on.rollBack(id, 2, { tasks: "DRAIN" });
    expect(agent).toMatchObject({ state: "DEPLOYING", config: { level: 1 } });
    expect((await transitionsOf(fixture, id)).at(-1)).toBe("RESTART ONLINE>DEPLOYING");
    expect(await contextOf(plan)).toMatchObject({ rollbackState: "SUCCEEDED" });
    expect((await online(id)).agent).toMatchObject({ state: "ONLINE", config: { level: 1 } });
  });

  it("lets a busy agent end its tasks first, and gives it no more", async () => {
    const { id, plan } = await changedAgent();
    await online(id);
    const { id: taskId, attempt } = await holdTask(fixture, id);
    const { agent } = await on.rollBack(id, 2, { tasks: "DRAIN" });
    expect(agent).toMatchObject({ state: "BUSY", pendingAction: "RESTART", pendingReason: "it went wrong" });
    expect(await contextOf(plan)).toMatchObject({ rollbackState: "PENDING" });
    await completeTask(fixture.runtime, fixture.admin, { taskId, attempt, output: null });
    expect(await agentRow(fixture, id)).toMatchObject({ state: "DEPLOYING", pendingAction: null });
  });

  it("has nothing to restart when the agent is not at work, and leaves what it drains towards", async () => {
    const idle = await changedAgent();
    expect((await on.rollBack(idle.id, 2, { tasks: "DRAIN" })).agent.state).toBe("REGISTERED");
    const suspended = await changedAgent();
    await online(suspended.id);
    const act = (agentId: string, action: "SUSPEND" | "STOP") =>
      transitionAgent(fixture.runtime, fixture.admin, { agentId, action, reason: "wait" });
    await act(suspended.id, "SUSPEND");
    expect((await on.rollBack(suspended.id, 2, { tasks: "DRAIN" })).agent.state).toBe("SUSPENDED");
    const stopping = await changedAgent();
    await online(stopping.id);
    await holdTask(fixture, stopping.id);
    await act(stopping.id, "STOP");
    expect((await on.rollBack(stopping.id, 2, { tasks: "DRAIN" })).agent.pendingAction).toBe("STOP");
  });

  it("restarts nobody when nothing differs", async () => {
    const { id } = await changedAgent();
    await online(id);
    expect(await on.rollBack(id, 5, { tasks: "DRAIN" })).toMatchObject({ changed: false, agent: { state: "ONLINE" } });
  });
});

describe("rollBackAgent refuses", () => {
  const refused = async (
    agentId: string,
    work: () => Promise<unknown>,
    error: abstract new (...values: never[]) => Error,
  ) => {
    const before = [await on.now(agentId), await on.head(agentId), await agentEvents(fixture, agentId)];
    await expect(work()).rejects.toThrow(error);
    expect([await on.now(agentId), await on.head(agentId), await agentEvents(fixture, agentId)]).toEqual(before);
  };

  it("bundles that do not exist, and ones that are not the newest any more", async () => {
    const { id } = await changedAgent();
    await refused(id, () => on.rollBack(id, 6), InvalidInput);
    await refused(id, () => on.rollBack(id, 0), InvalidInput);
    await refused(id, () => on.rollBack(id, 2, { expectedBundle: 4 }), Conflict);
    await refused(id, () => on.rollBack(id, 2, { reason: "" }), InvalidInput);
    expect(await on.rollBack(id, 2, { expectedBundle: 5 })).toMatchObject({ changed: true });
  });

  it("data that retention has removed, unless it need not be restored", async () => {
    const { id, plan } = await changedAgent();
    for (let step = 3; step <= 20; step++) await on.write(plan, { step });
    await fixture.database.query(sql`update contexts set keep_versions = 2 where id = ${plan}`);
    await pruneContexts(fixture.runtime);
    await on.update(id, { config: { level: 3 } });
    await refused(id, () => on.rollBack(id, 2), VersionPruned);
    expect(await on.rollBack(id, 22)).toMatchObject({ changed: true });
    expect(await on.now(id)).toMatchObject({ config: { level: 2 }, contexts: { plan: { step: 19 } } });
  });

  it("an agent that is decommissioned", async () => {
    const { id } = await changedAgent();
    const decommission = { agentId: id, action: "DECOMMISSION", reason: "over" } as const;
    await transitionAgent(fixture.runtime, fixture.admin, decommission);
    await refused(id, () => on.rollBack(id, 2), IllegalTransition);
  });

  it("callers without the permission, agents themselves, and those of other tenants", async () => {
    const { id } = await changedAgent();
    const agentKey = { kind: "AGENT", id, name: "itself", reach: fixture } as const;
    await refused(
      id,
      () => on.rollBack(id, 2, {}, callerOf({ ...agentKey, permissions: new Set(AGENT_PERMISSIONS) })),
      Forbidden,
    );
    const without = new Set<Permission>(["context.rollBack", "agent.update", "agent.transition"]);
    await refused(
      id,
      () => on.rollBack(id, 2, {}, callerOf({ kind: "USER", name: "some", permissions: without })),
      Forbidden,
    );
    const permissions = new Set<Permission>(["agent.rollBack"]);
    const reach = await addProject(fixture.database);
    await refused(
      id,
      () => on.rollBack(id, 2, {}, callerOf({ kind: "USER", name: "other", reach, permissions })),
      NotFound,
    );
    // It needs no other permission for what it changes.
    expect(
      await on.rollBack(id, 2, { tasks: "DRAIN" }, callerOf({ kind: "USER", name: "one", permissions })),
    ).toMatchObject({
      changed: true,
    });
  });
});

it("leaves everything consistent", async () => {
  expect(await violationsIn(fixture.database)).toEqual([]);
});
