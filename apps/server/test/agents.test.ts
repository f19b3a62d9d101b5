import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { change as send } from "./change.ts";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";

let server: TestServer;
let tenant: Tenant;
let names = 0;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

const change = (name: string, input: object, fields?: string, key?: string) => send(server, name, input, fields, key);
const newAgent = (more: object = {}) => createAgent(server, tenant, `agent ${names++}`, more);

describe("agents over HTTP", () => {
  it("live from registration to the end, with every step in their answers", async () => {
    const { id, key } = await newAgent({ labels: { tier: "a" }, maxConcurrency: 2 });
    expect(key).toMatch(/^mst_agent_/);
    const connected = await change(
      "connectAgent",
      { agentId: id },
      "data { incarnation agent { state availableActions } }",
      key,
    );
    // An agent's own key may not ask for transitions.
    expect(connected.data).toEqual({ incarnation: 1, agent: { state: "ONLINE", availableActions: [] } });
    const beat = {
      agentId: id,
      incarnation: 1,
      sequence: 1,
      load: 0.5,
      tasks: [{ taskId: "task_nonsense", attempt: 1 }],
    };
    expect((await change("heartbeat", beat, "data { lost { taskId attempt } cancel { taskId } }", key)).data).toEqual({
      lost: [],
      cancel: [],
    });
    expect(await change("heartbeat", beat, "data { lost { taskId } }", key)).toMatchObject({
      __typename: "Conflict",
      code: "CONFLICT",
    });

    const fields = `data { id state version pendingAction availableActions available activeTasks maxConcurrency labels capabilities
      lastHeartbeatAt lastError errorCount definitionVersion definition { slug } project { path } }`;
    const suspended = await change("transitionAgent", { agentId: id, action: "SUSPEND", reason: "cost" }, fields);
    expect(suspended.data).toMatchObject({
      id,
      state: "SUSPENDED",
      version: 3,
      pendingAction: null,
      available: false,
      availableActions: ["RESTART", "RESUME", "MAINTAIN", "FAIL", "STOP", "DECOMMISSION"],
      labels: { tier: "a" },
      capabilities: ["work"],
      definition: { slug: "worker" },
      project: { path: tenant.path },
      lastHeartbeatAt: expect.stringMatching(/Z$/) as unknown,
    });
    const resumed = await change(
      "transitionAgent",
      { agentId: id, action: "RESUME", reason: "go", expectedState: "SUSPENDED" },
      fields,
    );
    expect(resumed.data).toMatchObject({ state: "ONLINE", available: true });
    expect((await change("failAgent", { agentId: id, error: "no memory" }, fields, key)).data).toMatchObject({
      state: "ERROR",
      lastError: "no memory",
      errorCount: 1,
    });
    await change("transitionAgent", { agentId: id, action: "DECOMMISSION", reason: "old" });
    expect(await change("connectAgent", { agentId: id }, "data { incarnation }")).toMatchObject({
      __typename: "IllegalTransition",
    });
  });

  it("say what is allowed, and what is, when they refuse", async () => {
    const { id } = await newAgent();
    expect(await change("transitionAgent", { agentId: id, action: "RESUME", reason: "r" })).toMatchObject({
      __typename: "IllegalTransition",
      code: "ILLEGAL_TRANSITION",
      state: "REGISTERED",
      action: "RESUME",
      allowed: ["START", "SUSPEND", "FAIL", "STOP", "DECOMMISSION"],
    });
    for (const action of ["ASSIGN", "RELEASE", "LOSE", "ACTIVATE"]) {
      expect(await change("transitionAgent", { agentId: id, action, reason: "r" })).toMatchObject({
        __typename: "IllegalTransition",
      });
    }
    expect(
      await change("transitionAgent", { agentId: id, action: "STOP", reason: "r", expectedState: "ONLINE" }),
    ).toMatchObject({
      __typename: "Conflict",
      expected: "ONLINE",
      actual: "REGISTERED",
    });
    expect(await change("updateAgent", { agentId: id, config: {}, expectedConfigVersion: 7 })).toMatchObject({
      __typename: "Conflict",
      expected: "7",
      actual: "1",
    });
    expect(await change("cancelPendingAction", { agentId: id, reason: "r" })).toMatchObject({ __typename: "Conflict" });
    expect(await change("updateAgent", { agentId: id, labels: { a: 1 }, maxConcurrency: 0 })).toMatchObject({
      __typename: "InvalidInput",
      issues: [{ path: ["labels", "a"] }, { path: ["maxConcurrency"] }],
    });
    expect(
      await change("registerAgent", { projectId: tenant.projectId, definitionSlug: "worker", name: "agent 0" }),
    ).toMatchObject({
      __typename: "InvalidInput",
      issues: [{ path: ["name"] }],
    });
  });

  it("answer unknown, malformed and foreign ids alike", async () => {
    const [mine, other] = [await newAgent(), await createTenant(server)];
    const foreign = await createAgent(server, other, "foreign");
    const answers = [];
    for (const agentId of [
      "agent_01h455vb4pex5vsknk084sn02q",
      "agent_00000000000000000000000001",
      "nonsense",
      tenant.projectId,
      "",
    ]) {
      answers.push(await change("transitionAgent", { agentId, action: "STOP", reason: "r" }));
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ __typename: "NotFound", code: "NOT_FOUND" });
    // Another tenant's agent, as an agent sees it.
    const seen = await server.ask(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`,
      { ids: [foreign.id, mine.id] },
      mine.key,
    );
    expect(seen.data).toEqual({ nodes: [null, { id: mine.id }] });
    expect(
      await change(
        "heartbeat",
        { agentId: foreign.id, incarnation: 1, sequence: 1, tasks: [] },
        "data { lost { taskId } }",
        mine.key,
      ),
    ).toMatchObject({ __typename: "Forbidden" });
  });

  it("are superseded by a newer process and get a new key", async () => {
    const { id, key } = await newAgent();
    await change("connectAgent", { agentId: id }, "data { incarnation }", key);
    expect((await change("connectAgent", { agentId: id }, "data { incarnation }", key)).data).toEqual({
      incarnation: 2,
    });
    expect(
      await change(
        "heartbeat",
        { agentId: id, incarnation: 1, sequence: 1, tasks: [] },
        "data { lost { taskId } }",
        key,
      ),
    ).toMatchObject({
      __typename: "Conflict",
      expected: "1",
      actual: "2",
    });
    const rotated = await change("rotateAgentKey", { agentId: id }, "key data { id }");
    expect(rotated["key"]).not.toBe(key);
    const viewer = "{ viewer { actor { kind id } } }";
    expect((await server.ask(viewer, {}, rotated["key"] as string)).data).toEqual({
      viewer: { actor: { kind: "AGENT", id } },
    });
    // An answer about a key may be used again for a moment.
    await expect
      .poll(async () => (await server.ask(viewer, {}, key)).errors?.[0]?.extensions.code, { timeout: 5_000 })
      .toBe("UNAUTHENTICATED");
  });
});
