import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { change } from "./change.ts";
import { createAgent, createTenant, serverForTest, startTestServer, type Tenant, type TestServer } from "./harness.ts";
import { openRawSocket, type RawSocket } from "./raw-socket.ts";

const CREATE = `mutation ($input: CreateTaskInput!) { createTask(input: $input) {
  __typename ... on CreateTaskSuccess { data { id input } } ... on Error { code message } } }`;
const CLAIM = `mutation ($input: ClaimTasksInput!) { claimTasks(input: $input) { __typename } }`;
const TRANSITION = `mutation ($input: TransitionAgentInput!) { transitionAgent(input: $input) { __typename } }`;

let server: TestServer;
let tenant: Tenant;
let names = 0;
beforeAll(async () => {
  server = await startTestServer();
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

const typesOf = (socket: RawSocket, id: string) =>
  socket.messages.filter((message) => message.id === id).map(({ type }) => type);
const taskInput = (input: object = {}) => ({
  input: { projectId: tenant.projectId, kind: "work", input: {}, ...input },
});

async function correlationsOf(tasks: readonly string[]): Promise<(string | null)[]> {
  const { data } = await server.ask<{ node: { events: { edges: { node: { correlationId: string | null } }[] } } }>(
    `query ($id: ID!, $tasks: [ID!]) { node(id: $id) { ... on Project { events(filter: { tasks: $tasks }) {
       edges { node { correlationId } } } } } }`,
    { id: tenant.projectId, tasks },
  );
  return (data?.node.events.edges ?? []).map(({ node }) => node.correlationId);
}

describe("a mutation over a WebSocket", () => {
  it("is answered once, and its id is free again at once", async () => {
    const socket = await openRawSocket(server);
    for (let round = 1; round <= 3; round += 1) {
      socket.subscribe("1", CREATE, taskInput());
      await expect.poll(() => typesOf(socket, "1").length).toBe(2 * round);
    }
    expect(typesOf(socket, "1")).toEqual(["next", "complete", "next", "complete", "next", "complete"]);
    expect(socket.frames("1").every((frame) => frame.__typename === "CreateTaskSuccess")).toBe(true);
    expect(socket.socket.readyState).toBe(1);
  });

  it("is answered in order and whole also where much waits in the connection", async () => {
    const socket = await openRawSocket(server);
    const text = "\u20ac".repeat(60_000);
    socket.socket.pause();
    for (let number = 0; number < 60; number += 1)
      socket.subscribe(`${number}`, CREATE, taskInput({ input: { number, text } }));
    await sleep(1_000);
    socket.socket.resume();
    for (let number = 0; number < 60; number += 1) {
      await expect.poll(() => typesOf(socket, `${number}`), { timeout: 20_000 }).toEqual(["next", "complete"]);
      expect(socket.frames(`${number}`)[0]).toMatchObject({ data: { input: { number, text } } });
    }
  });

  it("has a correlation id of its own, as a request over HTTP has", async () => {
    const socket = await openRawSocket(server);
    const ids = ["1", "2", "3"];
    for (const id of ids) socket.subscribe(id, CREATE, taskInput());
    await expect.poll(() => ids.map((id) => typesOf(socket, id).length)).toEqual([2, 2, 2]);
    const tasks = ids.flatMap((id) => socket.frames(id).map(({ data }) => (data as { id: string }).id));
    const correlations = await correlationsOf(tasks);
    expect(new Set(correlations).size).toBe(3);
    expect(correlations).not.toContain(null);
  });

  it("is refused once the key has ended, and the socket closes", async () => {
    const agent = await createAgent(server, tenant, `agent ${names++}`);
    const socket = await openRawSocket(server, agent.key);
    const beat = (id: string) =>
      socket.subscribe(id, `mutation ($input: FailAgentInput!) { failAgent(input: $input) { __typename } }`, {
        input: { agentId: agent.id, error: "none" },
      });
    beat("1");
    await expect.poll(() => typesOf(socket, "1")).toEqual(["next", "complete"]);
    expect((await change(server, "rotateAgentKey", { agentId: agent.id })).__typename).toBe("RotateAgentKeySuccess");
    // What is known of a credential is used for a second.
    await sleep(1_100);
    if (socket.socket.readyState === 1) beat("2");
    expect(await socket.closed).toBe(4403);
    expect(socket.frames("2")).toEqual([]);
  });

  it("is taken back by complete: a claim that waits is given nothing any more", async () => {
    const own = await createTenant(server);
    const agent = await createAgent(server, own, "agent");
    const connected = await change(server, "connectAgent", { agentId: agent.id }, "data { incarnation }", agent.key);
    const socket = await openRawSocket(server, agent.key);
    const input = { agentId: agent.id, incarnation: connected.data?.["incarnation"], max: 1, waitMs: 20_000 };
    socket.subscribe("1", CLAIM, { input });
    await sleep(500);
    socket.send({ id: "1", type: "complete" });
    await sleep(300);
    const created = await change(
      server,
      "createTask",
      { ...taskInput().input, projectId: own.projectId, agentId: agent.id },
      "data { id }",
    );
    // Longer than the poll of a claim that waits.
    await sleep(1_500);
    const read = await server.ask<{ node: { state: string } }>(
      `query ($id: ID!) { node(id: $id) { ... on Task { state } } }`,
      { id: created.data?.["id"] },
    );
    expect(read.data?.node.state).toBe("QUEUED");
    expect(socket.messages.filter(({ id }) => id === "1")).toEqual([]);
  });
});

it("answers the mutations that are under way before it closes the socket, when it stops", async () => {
  const stopping = await serverForTest();
  const own = await createTenant(stopping);
  const agent = await createAgent(stopping, own, "agent");
  const database = openDatabase({ url: stopping.databaseUrl });
  const [locked, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const blocking = database.transaction(async (transaction) => {
    await transaction.run(statement("select from agents for update"), []);
    locked.resolve();
    await free.promise;
  });
  onTestFinished(async () => {
    free.resolve();
    await blocking;
    await database.close();
  });
  await locked.promise;
  const socket = await openRawSocket(stopping);
  socket.subscribe("1", TRANSITION, { input: { agentId: agent.id, action: "DECOMMISSION", reason: "over" } });
  await sleep(300);
  const stopped = stopping.stop();
  await sleep(700);
  expect(socket.messages.filter(({ id }) => id === "1")).toEqual([]);
  free.resolve();
  expect(await socket.closed).toBe(1001);
  expect(typesOf(socket, "1")).toEqual(["next", "complete"]);
  await stopped;
});
