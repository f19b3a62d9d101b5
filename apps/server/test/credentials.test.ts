import { newAdminKey } from "@muster/identity/new-admin-key.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import WebSocket from "ws";
import { ask, createAgent, createTenant, startTestServer, type TestServer } from "./harness.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const VIEWER = "{ viewer { actor { kind name } permissions } }";

/** The code with which the server closes a socket that sends this as its connection_init. */
function closeCode(payload: unknown, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", { headers });
    socket.once("error", reject);
    socket.once("close", resolve);
    socket.once("open", () => socket.send(JSON.stringify({ type: "connection_init", payload })));
    socket.on("message", (data: Buffer) => {
      if (data.toString().includes("connection_ack")) resolve(0);
      socket.terminate();
    });
  });
}

describe("without valid credentials nothing is answered", () => {
  it.each([
    ["no key", null],
    ["an empty key", ""],
    ["something that is no key", "letmein"],
    ["a well-formed key that does not exist", newAdminKey()],
  ])("HTTP: %s", async (_case, key) => {
    const answer = await ask(server.url, key, VIEWER);
    expect(answer.status).toBe(401);
    expect(answer.data).toBeNull();
    expect(answer.errors?.[0]?.extensions.code).toBe("UNAUTHENTICATED");
  });

  it("HTTP: not even a schema or a malformed request", async () => {
    expect((await ask(server.url, null, "{ __schema { types { name } } }")).status).toBe(401);
    expect((await ask(server.url, null, "{")).status).toBe(401);
  });

  it("HTTP: a key with a wrong letter is refused", async () => {
    const wrong = server.adminKey.slice(0, -1) + (server.adminKey.endsWith("0") ? "1" : "0");
    expect((await ask(server.url, wrong, VIEWER)).status).toBe(401);
  });

  it("HTTP: a key in the query string is not taken", async () => {
    for (const name of ["authorization", "key", "access_token", "token"]) {
      const url = `${server.url}/graphql?query=${encodeURIComponent(VIEWER)}&${name}=${encodeURIComponent(server.adminKey)}`;
      expect((await fetch(url)).status).toBe(401);
    }
  });

  it("WebSocket: closes with 4403 before any operation", async () => {
    expect(await closeCode(undefined)).toBe(4403);
    expect(await closeCode({ authorization: "Bearer nonsense" })).toBe(4403);
    expect(await closeCode({ authorization: [server.adminKey] })).toBe(4403);
    expect(await closeCode({ authorization: `Bearer ${server.adminKey}` })).toBe(0);
  });

  it("WebSocket: a page of another origin is turned away", async () => {
    await expect(
      closeCode({ authorization: `Bearer ${server.adminKey}` }, { origin: "https://evil.invalid" }),
    ).rejects.toThrow("403");
    expect(await closeCode({ authorization: `Bearer ${server.adminKey}` }, { origin: server.url })).toBe(0);
  });
});

describe("with credentials", () => {
  it("says whose they are", async () => {
    const answer = await server.ask<{ viewer: { actor: { kind: string }; permissions: string[] } }>(VIEWER);
    expect(answer.status).toBe(200);
    expect(answer.data?.viewer.actor.kind).toBe("API_KEY");
    expect(answer.data?.viewer.permissions).toContain("context.rollBack");
  });

  it("an agent's key acts for that agent only, in its own project only", async () => {
    const tenant = await createTenant(server);
    const [one, two] = [await createAgent(server, tenant, "one"), await createAgent(server, tenant, "two")];
    const connect = `mutation ($input: ConnectAgentInput!) { connectAgent(input: $input) { __typename ... on Error { code } } }`;
    const as = async (agentId: string, key: string) =>
      (await server.ask<{ connectAgent: { __typename: string } }>(connect, { input: { agentId } }, key)).data
        ?.connectAgent.__typename;
    expect(await as(one.id, one.key)).toBe("ConnectAgentSuccess");
    expect(await as(two.id, one.key)).toBe("Forbidden");

    const transition = `mutation ($input: TransitionAgentInput!) { transitionAgent(input: $input) { __typename ... on Forbidden { permission } } }`;
    const answer = await server.ask(transition, { input: { agentId: one.id, action: "STOP", reason: "me" } }, one.key);
    expect(answer.data).toEqual({ transitionAgent: { __typename: "Forbidden", permission: "agent.transition" } });

    const elsewhere = await createTenant(server);
    const project = await server.ask(
      `query ($path: String!) { project(path: $path) { id } }`,
      { path: elsewhere.path },
      one.key,
    );
    expect(project.data).toEqual({ project: null });
  });
});
