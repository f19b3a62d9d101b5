import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { change } from "./change.ts";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

/** A context of an agent that is connected and never answers by itself, with versions 1, 2 and 3. */
async function planOf(name: string) {
  const agent = await createAgent(server, tenant, name, { maxConcurrency: 2 });
  await change(server, "connectAgent", { agentId: agent.id }, "data { incarnation }", agent.key);
  const opened = await change(server, "openContext", { projectId: tenant.projectId, agentId: agent.id, name: "plan" });
  const contextId = opened.data?.["id"] as string;
  for (const step of [1, 2, 3])
    await change(server, "writeContext", { contextId, data: { step }, message: `step ${step}` });
  return { agent, contextId };
}

const FIELDS = "data { currentVersion rollbackState rollbackVersion rollbackChoices confirmations { state error } }";

async function ask(id: string, fields: string, key?: string) {
  const query = `query ($id: ID!) { node(id: $id) { ... on Context { ${fields} } } }`;
  return server.ask<{ node: Record<string, unknown> | null }>(query, { id }, key);
}

describe("a rollback over HTTP", () => {
  it("is looked at before it is made", async () => {
    const { agent, contextId } = await planOf("looked-at");
    const work = { projectId: tenant.projectId, kind: "work", agentId: agent.id, input: {} };
    const task = (await change(server, "createTask", work)).data?.["id"] as string;
    const claim = { agentId: agent.id, incarnation: 1, max: 1, waitMs: 5_000 };
    await change(server, "claimTasks", claim, "data { id }", agent.key);
    await change(server, "startTask", { taskId: task, attempt: 1 }, "data { id }", agent.key);
    const preview = `rollbackPreview(toVersion: 1) { fromVersion { number } toVersion { number message }
      operations { op path value } skipped { number message author { name } heldSince } skippedCount releases { number } releaseCount
      agents { agent { id name } wouldConfirm version } runningTasks { id kind } runningTaskCount warnings { code message } }`;
    const { data } = await ask(contextId, preview);
    expect(data?.node?.["rollbackPreview"]).toEqual({
      fromVersion: { number: 3 },
      toVersion: { number: 1, message: "step 1" },
      operations: [{ op: "replace", path: "/step", value: 1 }],
      skipped: [3, 2].map((number) => ({
        number,
        message: `step ${number}`,
        author: { name: "bootstrap" },
        heldSince: null,
      })),
      skippedCount: 2,
      releases: [],
      releaseCount: 0,
      agents: [{ agent: { id: agent.id, name: "looked-at" }, wouldConfirm: true, version: null }],
      runningTasks: [{ id: task, kind: "work" }],
      runningTaskCount: 1,
      warnings: [],
    });
    for (const version of [0, 3, 4]) {
      const refused = await ask(contextId, `rollbackPreview(toVersion: ${version}) { skippedCount }`);
      expect(refused.errors?.[0]?.extensions.code).toBe("INVALID_INPUT");
    }
    // The agent may look, and another's context is not its to see.
    expect((await ask(contextId, preview, agent.key)).data?.node).toEqual(data?.node);
    const other = await createAgent(server, tenant, "other");
    expect((await ask(contextId, preview, other.key)).data?.node).toBeNull();
  });

  it("is retried, restarts its agents, and is forced, each with a reason, in the events", async () => {
    const { agent, contextId } = await planOf("stubborn");
    expect((await ask(contextId, "rollbackChoices")).data?.node).toEqual({ rollbackChoices: [] });
    const reason = "it was wrong";
    expect(await change(server, "retryRollback", { contextId, reason })).toMatchObject({ __typename: "NotFound" });
    expect((await change(server, "rollBackContext", { contextId, toVersion: 1, reason }, FIELDS)).data).toEqual({
      currentVersion: 4,
      rollbackState: "PENDING",
      rollbackVersion: 4,
      rollbackChoices: ["RETRY", "RESTART_AGENTS", "FORCE"],
      confirmations: [{ state: "PENDING", error: null }],
    });
    const answer = { contextId, agentId: agent.id, version: 4, ok: false, error: "no memory" };
    expect((await change(server, "acknowledgeContext", answer, FIELDS, agent.key)).data).toMatchObject({
      rollbackState: "FAILED",
      rollbackChoices: ["RETRY", "RESTART_AGENTS", "FORCE"],
    });
    const stale = { contextId, reason, expectedVersion: 3 };
    expect(await change(server, "retryRollback", stale)).toMatchObject({
      __typename: "Conflict",
      expected: "3",
      actual: "4",
    });
    expect(await change(server, "forceRollback", stale)).toMatchObject({ __typename: "Conflict" });
    const retry = { contextId, reason: "it has a new disk", restartAgents: true, expectedVersion: 4 };
    expect(await change(server, "retryRollback", retry, FIELDS, agent.key)).toMatchObject({
      __typename: "Forbidden",
      permission: "context.rollBack",
    });
    expect((await change(server, "retryRollback", retry, FIELDS)).data).toMatchObject({
      rollbackState: "PENDING",
      confirmations: [{ state: "PENDING", error: null }],
    });
    const asked = await server.ask<{ node: object }>(`query ($id: ID!) { node(id: $id) { ... on Agent { state } } }`, {
      id: agent.id,
    });
    expect(asked.data?.node).toEqual({ state: "DEPLOYING" });
    expect((await change(server, "forceRollback", { contextId, reason: "it is safe" }, FIELDS)).data).toMatchObject({
      rollbackState: "SUCCEEDED",
      rollbackChoices: [],
      confirmations: [{ state: "PENDING", error: null }],
    });
    for (const name of ["retryRollback", "forceRollback"]) {
      expect(await change(server, name, { contextId, reason })).toMatchObject({
        __typename: "IllegalTransition",
        state: "SUCCEEDED",
        allowed: [],
      });
    }
    const query = `query ($id: ID!, $contexts: [ID!]) { node(id: $id) { ... on Project { events(last: 3, filter: { contexts: $contexts,
      types: ["context.rollback_settled", "context.rollback_retried"] }) { edges { node { type reason actor { name } payload
        ... on RollbackSettled { state forced } } } } } } }`;
    const events = await server.ask<{ node: { events: { edges: { node: object }[] } } }>(query, {
      id: tenant.projectId,
      contexts: [contextId],
    });
    const actor = { name: "bootstrap" };
    expect(events.data?.node.events.edges.map(({ node }) => node).toReversed()).toMatchObject([
      { type: "context.rollback_settled", actor, reason: "it is safe", state: "SUCCEEDED", forced: true },
      {
        type: "context.rollback_retried",
        actor,
        reason: "it has a new disk",
        payload: { version: 4, agents: ["stubborn"], restarted: ["stubborn"] },
      },
      { type: "context.rollback_settled", state: "FAILED", forced: false },
    ]);
  });
});
