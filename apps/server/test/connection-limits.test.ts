import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import WebSocket from "ws";
import { readSettings } from "../src/settings.ts";
import { serverForTest, startTestServer, type TestServer } from "./harness.ts";
import { openRawSocket } from "./raw-socket.ts";

const VIEWER = "{ viewer { actor { name } } }";

async function post(server: TestServer, accept = "application/json"): Promise<Response> {
  return fetch(`${server.url}/graphql`, {
    method: "POST",
    headers: { accept, "content-type": "application/json", authorization: `Bearer ${server.adminKey}` },
    body: JSON.stringify({ query: VIEWER }),
  });
}

describe("limits of a connection", () => {
  it("refuse an operation too many on one socket, and leave the others alone", async () => {
    const server = await serverForTest({ MUSTER_SUBSCRIPTIONS_PER_SOCKET: "2" });
    const workspace = await server.ask<{ createWorkspace: { data: { id: string } } }>(
      `mutation { createWorkspace(input: { slug: "limits", name: "Limits" }) { ... on CreateWorkspaceSuccess { data { id } } } }`,
    );
    const project = await server.ask<{ createProject: { data: { id: string } } }>(
      `mutation ($id: ID!) { createProject(input: { workspaceId: $id, slug: "app", name: "App" }) {
         ... on CreateProjectSuccess { data { id } } } }`,
      { id: workspace.data?.createWorkspace.data.id },
    );
    const variables = { project: project.data?.createProject.data.id };
    const events = `subscription ($project: ID!) { events(project: $project) { __typename ... on Bookmark { cursor } } }`;
    const socket = await openRawSocket(server);
    for (const id of ["1", "2", "3"]) socket.subscribe(id, events, variables);
    await expect
      .poll(() => socket.messages.find(({ type }) => type === "error"))
      .toMatchObject({
        id: "3",
        payload: [{ extensions: { code: "LIMIT_EXCEEDED", limit: "operations.open" } }],
      });
    await expect
      .poll(() => [socket.frames("1").length, socket.frames("2").length].every((count) => count > 0))
      .toBe(true);
    socket.send({ id: "1", type: "complete" });
    socket.subscribe("4", events, variables);
    await expect.poll(() => socket.frames("4").length).toBeGreaterThan(0);
  });

  it("close a socket that sends too many messages with 1013, after which clients come back later", async () => {
    const server = await serverForTest({ MUSTER_MESSAGES_PER_SECOND: "20" });
    const socket = await openRawSocket(server);
    for (let sent = 0; sent < 40; sent += 1) socket.send({ type: "ping" });
    expect(await socket.closed).toBe(1013);
    expect((await post(server)).status).toBe(200);
  });

  it("close a socket or stream too many of one credential, until another has closed", async () => {
    const server = await serverForTest({ MUSTER_SOCKETS_PER_CREDENTIAL: "2" });
    const [first] = [await openRawSocket(server), await openRawSocket(server)];
    const third = await openRawSocket(server);
    expect(await third.closed).toBe(1013);
    const stream = await post(server, "text/event-stream");
    expect(stream.status).toBe(429);
    expect(await stream.json()).toMatchObject({ errors: [{ extensions: { limit: "connections.open" } }] });
    first.socket.close();
    await first.closed;
    await expect
      .poll(async () => (await post(server, "text/event-stream")).status, { interval: 50, timeout: 5_000 })
      .toBe(200);
    expect((await openRawSocket(server)).socket.readyState).toBe(1);
  });

  it("say when the next operation may come, the same on every transport", async () => {
    const server = await serverForTest({ MUSTER_OPERATIONS_PER_SECOND: "5" });
    const socket = await openRawSocket(server);
    const answers = await Promise.all(Array.from({ length: 12 }, () => post(server)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(3);
    expect(refused[0]?.headers.get("retry-after")).toBe("1");
    expect(await refused[0]?.json()).toMatchObject({
      errors: [{ extensions: { code: "LIMIT_EXCEEDED", limit: "operations.rate", retryAfterMs: expect.any(Number) } }],
    });
    for (const id of ["1", "2", "3", "4", "5", "6"]) socket.subscribe(id, VIEWER);
    await expect
      .poll(() => socket.messages.find(({ type }) => type === "error"))
      .toMatchObject({
        payload: [{ extensions: { code: "LIMIT_EXCEEDED", limit: "operations.rate" } }],
      });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect((await post(server)).status).toBe(200);
  });

  it("count what tokens do for the key that they were made with", async () => {
    const server = await serverForTest({ MUSTER_SOCKETS_PER_CREDENTIAL: "2" });
    const { data } = await server.ask<{ a: { token: string }; b: { token: string }; c: { token: string } }>(
      `mutation { ${["a", "b", "c"].map((name) => `${name}: issueToken(input: {}) { ... on IssueTokenSuccess { token } }`).join(" ")} }`,
    );
    const tokens = [data?.a.token, data?.b.token, data?.c.token].map((token) => token ?? "");
    expect(new Set(tokens).size).toBe(3);
    const [one, two] = [await openRawSocket(server, tokens[0]), await openRawSocket(server, tokens[1])];
    expect([one.socket.readyState, two.socket.readyState]).toEqual([1, 1]);
    expect(await (await openRawSocket(server, tokens[2])).closed).toBe(1013);
  });

  it("close a socket for a message too large, for one that is none, and when nobody says who he is", async () => {
    const server = await serverForTest();
    const [large, broken, silent] = [
      await openRawSocket(server),
      await openRawSocket(server),
      await openRawSocket(server, null),
    ];
    large.subscribe("1", `{ viewer { actor { name } } } # ${"x".repeat(300_000)}`);
    broken.socket.send("not JSON");
    expect(await Promise.all([large.closed, broken.closed, silent.closed])).toEqual([1009, 4400, 4408]);
  });
});

describe("a peer that has gone without a goodbye", () => {
  it("is noticed on a WebSocket, where one that is only quiet stays", async () => {
    const { limits } = readSettings({ DATABASE_URL: "postgres://localhost/none" });
    const server = await startTestServer({}, { limits: { ...limits, keepAliveMs: 200 } });
    onTestFinished(() => server.stop());
    const quiet = await openRawSocket(server);
    const gone = new WebSocket(`${server.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", {
      autoPong: false,
    });
    gone.on("error", () => {});
    await once(gone, "open");
    gone.send(JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${server.adminKey}` } }));
    const begun = performance.now();
    expect((await once(gone, "close"))[0]).toBe(1006);
    expect(performance.now() - begun).toBeLessThan(2_000);
    await sleep(800);
    expect(quiet.socket.readyState).toBe(WebSocket.OPEN);
  });
});
