import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { createTestDatabase } from "@muster/database/test-database.ts";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { change } from "./change.ts";
import { createAgent, createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";
import { eventually, startServerProcess } from "./processes.ts";

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer({ MUSTER_WEBHOOK_ALLOWED_NETWORKS: "127.0.0.0/8" });
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

interface Received {
  readonly id: string;
  readonly body: {
    readonly type: string;
    readonly event: { readonly subjectId: string; readonly payload: { readonly action?: string } } | null;
  };
}

/** An endpoint that answers with the status that `answer` gives; "never" leaves the request open. */
async function startReceiver(answer: (received: Received, count: number) => number | "never" = () => 200) {
  const received: Received[] = [];
  const endpoint = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = JSON.parse(Buffer.concat(parts).toString("utf8")) as Received["body"];
      const one = { id: String(request.headers["webhook-id"]), body };
      received.push(one);
      const status = answer(one, received.length);
      if (status !== "never") response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => {
    endpoint.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    endpoint.closeAllConnections();
    endpoint.close();
  });
  return { url: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`, received };
}

/** As time does by itself. */
async function endLeases(url: string): Promise<void> {
  const database = openDatabase({ url, connections: 1 });
  await database.run(
    statement("update webhook_deliveries set lease_until = clock_timestamp() where lease_until is not null"),
    [],
  );
  await database.close();
}

const PAGE = `id name url state failures pendingDeliveries cursor filter { types agents states labels }
  lastDelivery { type state } project { path }
  deliveries(first: 10) { totalCount edges { node {
    id type subjectId state attempts lastStatus lastError durationMs body finishedAt nextAttemptAt
    event { id type ... on AgentTransitioned { to agent { name } } } } } }`;

describe("webhooks over GraphQL", () => {
  it("send what happens, and show it", async () => {
    const receiver = await startReceiver();
    const made = await change(
      server,
      "createWebhook",
      {
        projectId: tenant.projectId,
        name: "ops",
        url: receiver.url,
        filter: { types: ["agent.transitioned"], states: ["DEPLOYING"] },
      },
      "secret data { id filter { types states } }",
    );
    expect(made).toMatchObject({
      secret: expect.stringMatching(/^whsec_/),
      data: { filter: { states: ["DEPLOYING"] } },
    });
    const agent = await createAgent(server, tenant, "sent");
    await change(server, "transitionAgent", { agentId: agent.id, action: "START", reason: "go" });
    await eventually(
      async () => receiver.received.length,
      (count) => count === 1,
      5_000,
    );
    expect(receiver.received[0]?.body).toMatchObject({ type: "agent.transitioned", event: { subjectId: agent.id } });
    const read = async () => {
      const { data, errors } = await server.ask<{
        project: { webhooks: { edges: { node: Record<string, unknown> }[] } };
      }>(`query ($path: String!) { project(path: $path) { webhooks { totalCount edges { node { ${PAGE} } } } } }`, {
        path: tenant.path,
      });
      expect(errors).toBeUndefined();
      return data?.project.webhooks.edges[0]?.node;
    };
    const shown = await eventually(read, (webhook) => webhook?.pendingDeliveries === 0, 5_000);
    expect(shown).toMatchObject({
      state: "ACTIVE",
      lastDelivery: { type: "agent.transitioned", state: "SUCCEEDED" },
      deliveries: {
        edges: [
          {
            node: {
              id: receiver.received[0]?.id,
              subjectId: agent.id,
              attempts: 1,
              lastStatus: 200,
              nextAttemptAt: null,
              event: { to: "DEPLOYING", agent: { name: "sent" } },
            },
          },
        ],
      },
    });
    const webhookId = String(shown?.id);
    const tested = await change(
      server,
      "testWebhook",
      { webhookId },
      "data { id type event { id } subjectId state lastStatus }",
    );
    expect(tested.data).toMatchObject({
      type: "muster.test",
      event: null,
      subjectId: null,
      state: "SUCCEEDED",
      lastStatus: 200,
    });
    const { data } = await server.ask<{ nodes: object[] }>(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`,
      { ids: [webhookId, tested.data?.id] },
    );
    expect(data?.nodes).toEqual([
      { __typename: "Webhook", id: webhookId },
      { __typename: "WebhookDelivery", id: tested.data?.id },
    ]);
    const deleted = await change(server, "deleteWebhook", { webhookId, reason: "done" }, "data { id name }");
    expect(deleted.data).toEqual({ id: webhookId, name: "ops" });
  });

  it("answer what an operator can expect to go wrong", async () => {
    const receiver = await startReceiver(() => 500);
    const input = { projectId: tenant.projectId, name: "wrong", url: receiver.url };
    expect(await change(server, "createWebhook", { ...input, url: "https://10.0.0.1/" })).toMatchObject({
      __typename: "InvalidInput",
      issues: [{ path: ["url"] }],
    });
    const { data } = await change(server, "createWebhook", input);
    const webhookId = data?.id;
    expect(await change(server, "createWebhook", input)).toMatchObject({ issues: [{ path: ["name"] }] });
    expect(await change(server, "resumeWebhook", { webhookId, reason: "x" })).toMatchObject({
      __typename: "IllegalTransition",
      allowed: ["PAUSE"],
    });
    expect(await change(server, "updateWebhook", { webhookId, name: "x", expectedVersion: 9 })).toMatchObject({
      __typename: "Conflict",
    });
    expect(await change(server, "replayWebhook", { webhookId, after: "nonsense", reason: "x" })).toMatchObject({
      __typename: "InvalidInput",
    });
    const tested = await change(server, "testWebhook", { webhookId }, "data { id state lastError }");
    expect(tested.data).toMatchObject({ state: "FAILED", lastError: "Answered 500." });
    expect(await change(server, "skipWebhookDelivery", { deliveryId: tested.data?.id, reason: "x" })).toMatchObject({
      __typename: "Conflict",
    });
    const agent = await createAgent(server, tenant, "curious");
    for (const [name, more] of [
      ["deleteWebhook", { reason: "x" }],
      ["testWebhook", {}],
    ] as const) {
      expect(await change(server, name, { webhookId, ...more }, "data { id }", agent.key)).toMatchObject({
        __typename: "Forbidden",
        permission: "webhook.manage",
      });
    }
    await change(server, "deleteWebhook", { webhookId, reason: "done" });
    for (const missing of [webhookId, "whk_nonsense", tenant.projectId]) {
      expect(await change(server, "testWebhook", { webhookId: missing })).toMatchObject({ __typename: "NotFound" });
    }
  });
});

describe("several servers", () => {
  it("send each event once, and each agent's in order", async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const environment = {
      MUSTER_WEBHOOK_ALLOWED_NETWORKS: "127.0.0.0/8",
      MUSTER_ENCRYPTION_KEY: randomBytes(32).toString("base64"),
    };
    const first = await startServerProcess(database.url, environment);
    const second = await startServerProcess(database.url, environment);
    const place = await createTenant(first as never);
    const receiver = await startReceiver();
    await change(first as never, "createWebhook", {
      projectId: place.projectId,
      name: "ops",
      url: receiver.url,
      filter: { types: ["agent.transitioned"] },
    });
    const agents = await Promise.all(
      Array.from({ length: 5 }, (_, at) => createAgent(first as never, place, `agent-${at}`)),
    );
    const actions = ["START", "STOP", "START", "STOP", "START", "STOP"];
    await Promise.all(
      agents.map(async ({ id: agentId }) => {
        for (const [at, action] of actions.entries()) {
          await change((at % 2 === 0 ? first : second) as never, "transitionAgent", { agentId, action, reason: "x" });
        }
      }),
    );
    const expected = agents.length * actions.length;
    await eventually(
      async () => receiver.received.length,
      (count) => count >= expected,
    );
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(receiver.received).toHaveLength(expected);
    const byAgent = Map.groupBy(receiver.received, ({ body }) => body.event?.subjectId);
    for (const { id } of agents) {
      const moves = byAgent.get(id)?.map(({ body }) => body.event?.payload.action);
      expect(moves).toEqual(actions);
    }
  }, 60_000);
});

describe("a server that is killed", () => {
  it("while an endpoint has a delivery leaves it to be sent again, with the same id, and loses none", async () => {
    const database = await createTestDatabase();
    onTestFinished(() => database.drop());
    const killed = await startServerProcess(database.url, { MUSTER_WEBHOOK_ALLOWED_NETWORKS: "127.0.0.0/8" });
    const place = await createTenant(killed as never);
    // The first attempt is received and never answered: the server dies between sending and knowing.
    const receiver = await startReceiver((_received, count) => (count === 1 ? "never" : 200));
    await change(killed as never, "createWebhook", {
      projectId: place.projectId,
      name: "ops",
      url: receiver.url,
      filter: { types: ["agent.registered"] },
    });
    const first = await createAgent(killed as never, place, "first");
    await eventually(
      async () => receiver.received.length,
      (count) => count === 1,
    );
    await killed.kill();
    await killed.start();
    const second = await createAgent(killed as never, place, "second");
    await eventually(
      async () => receiver.received.length,
      (count) => count === 2,
    );
    await endLeases(database.url);
    await eventually(
      async () => receiver.received.length,
      (count) => count >= 3,
    );
    const [lost, ...rest] = receiver.received;
    expect(rest.filter(({ id }) => id === lost?.id)).toHaveLength(1);
    expect(new Set(receiver.received.map(({ body }) => body.event?.subjectId))).toEqual(new Set([first.id, second.id]));
    expect(receiver.received).toHaveLength(3);
  }, 60_000);
});
