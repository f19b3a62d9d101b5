import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import WebSocket from "ws";
import { signedIn } from "./browser.ts";
import { startTestServer, type TestServer } from "./harness.ts";

const TOOLS = "https://tools.example";
const OTHER = "https://evil.example";
const VIEWER = JSON.stringify({ query: "{ viewer { actor { name } } }" });

let server: TestServer;
let closed: TestServer;
beforeAll(async () => {
  server = await startTestServer({ MUSTER_ALLOWED_ORIGINS: `${TOOLS}, https://more.example:8443` });
  closed = await startTestServer();
});
afterAll(() => Promise.all([server.stop(), closed.stop()]));

/** What a browser asks before a page of `origin` may send JSON with a key. */
const preflight = (to: TestServer, origin: string, path = "/graphql") =>
  fetch(`${to.url}${path}`, {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization, content-type",
    },
  });

const send = (to: TestServer, origin: string, headers: Record<string, string> = {}) =>
  fetch(`${to.url}/graphql`, {
    method: "POST",
    headers: { origin, "content-type": "application/json", ...headers },
    body: VIEWER,
  });

const corsHeaders = ({ headers }: Response) => [...headers.keys()].filter((name) => name.startsWith("access-control-"));

describe("pages of other origins", () => {
  it("may ask with a key when their origin is allowed", async () => {
    const asked = await preflight(server, TOOLS);
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-origin")).toBe(TOOLS);
    expect(asked.headers.get("access-control-allow-methods")).toContain("POST");
    expect(asked.headers.get("access-control-allow-headers")).toContain("authorization");
    expect(asked.headers.get("access-control-allow-credentials")).toBeNull();
    expect(asked.headers.get("vary")).toMatch(/origin/i);
    const answer = await send(server, TOOLS, { authorization: `Bearer ${server.adminKey}` });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("access-control-allow-origin")).toBe(TOOLS);
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    const refused = await send(server, TOOLS, { authorization: "Bearer nonsense" });
    expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([401, TOOLS]);
  });

  it("are told nothing when it is not, or is only alike, or nothing is allowed", async () => {
    const origins = [
      OTHER,
      "null",
      `${TOOLS}.evil.example`,
      "http://tools.example",
      `${TOOLS}:8443`,
      "https://more.example",
    ];
    for (const [to, origin] of [...origins.map((each) => [server, each] as const), [closed, TOOLS] as const]) {
      expect(corsHeaders(await preflight(to, origin)), origin).toEqual([]);
      expect(corsHeaders(await send(to, origin, { authorization: `Bearer ${to.adminKey}` })), origin).toEqual([]);
    }
    expect(corsHeaders(await preflight(server, TOOLS, "/auth/sign-in"))).toEqual([]);
  });

  it("never act with a cookie, allowed or not", async () => {
    const cookie = await signedIn(server);
    expect((await send(server, TOOLS, { cookie })).status).toBe(401);
    expect((await send(server, OTHER, { cookie })).status).toBe(401);
    expect((await send(server, server.url, { cookie })).status).toBe(200);
  });

  it("open sockets with a key from an allowed origin, and not with a cookie", async () => {
    const open = async (to: TestServer, headers: Record<string, string>, payload: object) => {
      const socket = new WebSocket(`${to.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", { headers });
      onTestFinished(() => socket.terminate());
      await once(socket, "open");
      socket.send(JSON.stringify({ type: "connection_init", payload }));
      return Promise.race([
        once(socket, "message").then(() => "open"),
        once(socket, "close").then(([code]) => code as number),
      ]);
    };
    const key = { authorization: `Bearer ${server.adminKey}` };
    expect(await open(server, { origin: TOOLS }, key)).toBe("open");
    expect(await open(server, { origin: TOOLS, cookie: await signedIn(server) }, {})).toBe(4403);
    await expect(open(server, { origin: OTHER }, key)).rejects.toThrow("403");
    await expect(open(closed, { origin: TOOLS }, key)).rejects.toThrow("403");
  });
});
