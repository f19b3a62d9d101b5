import { request as httpRequest } from "node:http";
import { openDatabase } from "@muster/database/database.ts";
import { statement } from "@muster/database/statement.ts";
import { parseApiKey } from "@muster/domain/api-key.ts";
import { ensureBootstrapKey } from "@muster/identity/bootstrap-key.ts";
import { newAdminKey } from "@muster/identity/new-admin-key.ts";
import { hashToken } from "@muster/identity/token.ts";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import WebSocket from "ws";
import { post, signedIn } from "./browser.ts";
import { createTenant, startTestServer, type Tenant, type TestServer } from "./harness.ts";

const CHECK_MS = 400;
const VIEWER = "{ viewer { actor { name } } }";
const EVENTS = "subscription ($project: ID!) { events(project: $project) { __typename } }";
const FOREIGN = "https://evil.invalid";

let server: TestServer;
let tenant: Tenant;
beforeAll(async () => {
  server = await startTestServer({}, { credentialCheckMs: CHECK_MS });
  tenant = await createTenant(server);
});
afterAll(() => server.stop());

interface Sent {
  readonly method?: "GET" | "POST";
  readonly type?: string;
  readonly body?: string;
  readonly accept?: string;
  readonly headers: Record<string, string>;
}

/** Sends exactly these headers: fetch adds some of a browser's. Gives the status, and the body unless it is a stream. */
function send(
  path: string,
  { method = "GET", type, body, accept, headers }: Sent,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const all = { ...headers, ...(type ? { "content-type": type } : {}), ...(accept ? { accept } : {}) };
    const request = httpRequest(`${server.url}${path}`, { method, headers: all }, async (response) => {
      const status = response.statusCode ?? 0;
      let text = "";
      try {
        for await (const chunk of response) {
          text += String(chunk);
          if (accept === "text/event-stream" && status === 200) break;
        }
      } catch (error) {
        return reject(error as Error);
      }
      resolve({ status, text });
    });
    request.once("error", reject);
    request.end(body);
  });
}

const query = (text: string, variables = {}) =>
  `/graphql?query=${encodeURIComponent(text)}&variables=${encodeURIComponent(JSON.stringify(variables))}`;

/** Every way to ask over HTTP that carries cookies by itself. */
const ways: [string, (headers: Record<string, string>) => Promise<{ status: number; text: string }>][] = [
  ["GET", (headers) => send(query(VIEWER), { headers })],
  [
    "POST of JSON",
    (headers) =>
      send("/graphql", { method: "POST", type: "application/json", body: JSON.stringify({ query: VIEWER }), headers }),
  ],
  [
    "POST of a form",
    (headers) =>
      send("/graphql", {
        method: "POST",
        type: "application/x-www-form-urlencoded",
        body: new URLSearchParams({ query: VIEWER }).toString(),
        headers: { ...headers, "x-muster-csrf": "1" },
      }),
  ],
  ["SSE", (headers) => send(query(EVENTS, { project: tenant.projectId }), { accept: "text/event-stream", headers })],
];

describe.each(ways)("a session's cookie on a %s", (_way, ask) => {
  it("counts when the browser says that our own page sent it", async () => {
    const cookie = await signedIn(server);
    expect((await ask({ cookie, origin: server.url })).status).toBe(200);
    expect((await ask({ cookie, "sec-fetch-site": "same-origin" })).status).toBe(200);
  });

  it("does not count from another origin, nor when nothing says where it came from", async () => {
    const cookie = await signedIn(server);
    const elsewhere: Record<string, string>[] = [
      { origin: FOREIGN },
      { origin: FOREIGN, "sec-fetch-site": "same-origin" },
      { origin: "null" },
      { origin: server.url.replace(/:\d+$/, ":1") },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
      { referer: `${server.url}/` },
      {},
    ];
    for (const headers of elsewhere) {
      const answer = await ask({ cookie, ...headers });
      expect(answer.status, JSON.stringify(headers)).toBe(401);
      expect(answer.text).toContain("UNAUTHENTICATED");
    }
  });

  it("counts for nothing when a key is sent as well, right or wrong", async () => {
    const cookie = await signedIn(server);
    const headers = { cookie, origin: server.url };
    expect((await ask({ ...headers, authorization: "Bearer nonsense" })).status).toBe(401);
    expect((await ask({ ...headers, authorization: "" })).status).toBe(401);
    expect((await ask({ origin: FOREIGN, authorization: `Bearer ${server.adminKey}` })).status).toBe(200);
  });

  it("is not read under another port's name, nor when it is no session", async () => {
    const cookie = await signedIn(server);
    const origin = server.url;
    expect((await ask({ cookie: cookie.replace(/^\w+=/, "muster_session="), origin })).status).toBe(401);
    expect((await ask({ cookie: cookie.slice(0, -1), origin })).status).toBe(401);
    expect((await ask({ cookie: `a=1; ${cookie}; b="x y"`, origin })).status).toBe(200);
  });
});

describe("a session's cookie on a POST that any page could have sent", () => {
  it("is refused for want of a header, also from our own origin", async () => {
    const cookie = await signedIn(server);
    const types = ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", undefined];
    for (const type of types) {
      const sent = {
        method: "POST",
        body: JSON.stringify({ query: VIEWER }),
        headers: { cookie, origin: server.url },
      } as const;
      const answer = await send("/graphql", type ? { ...sent, type } : sent);
      expect(answer.status, type).toBe(403);
      expect(answer.text).toContain("CSRF_HEADER_MISSING");
    }
  });
});

/** Opens a socket with these headers and sends connection_init. Resolves with what came first: the ack, or the close code. */
async function open(
  headers: Record<string, string>,
  payload: unknown = {},
  to = server,
): Promise<{ socket: WebSocket; code: number }> {
  const socket = new WebSocket(`${to.url.replace("http", "ws")}/graphql`, "graphql-transport-ws", { headers });
  onTestFinished(() => socket.terminate());
  await once(socket, "open");
  socket.send(JSON.stringify({ type: "connection_init", payload }));
  const code = await Promise.race([
    once(socket, "message").then(() => 0),
    once(socket, "close").then(([closed]) => closed as number),
  ]);
  return { socket, code };
}

/** The code with which a socket closes. */
async function closing(socket: WebSocket): Promise<number> {
  const [code] = (await once(socket, "close")) as [number];
  return code;
}

describe("a session's cookie on a WebSocket", () => {
  it("counts with an Origin that is ours, and only so", async () => {
    const cookie = await signedIn(server);
    expect((await open({ cookie, origin: server.url })).code).toBe(0);
    expect((await open({ cookie })).code).toBe(4403);
    expect((await open({ cookie, "sec-fetch-site": "same-origin" })).code).toBe(4403);
    await expect(open({ cookie, origin: FOREIGN })).rejects.toThrow("403");
    await expect(open({ cookie, origin: "null" })).rejects.toThrow("403");
  });

  it("counts for nothing when a key is sent as well", async () => {
    const cookie = await signedIn(server);
    const headers = { cookie, origin: server.url };
    expect((await open(headers, { authorization: "Bearer nonsense" })).code).toBe(4403);
    expect((await open(headers, { authorization: null })).code).toBe(4403);
    expect((await open({ origin: server.url }, { authorization: `Bearer ${server.adminKey}` })).code).toBe(0);
  });
});

describe("signing out", () => {
  it("ends HTTP at once, and the session's sockets and streams, and nobody else's", async () => {
    // So rarely that no check does it instead.
    const slow = await startTestServer({}, { credentialCheckMs: 60_000 });
    onTestFinished(() => slow.stop());
    const { projectId } = await createTenant(slow);
    const [mine, other] = [await signedIn(slow), await signedIn(slow)];
    const origin = slow.url;
    const sockets = [await open({ cookie: mine, origin }, {}, slow), await open({ cookie: mine, origin }, {}, slow)];
    const stays = [
      await open({ cookie: other, origin }, {}, slow),
      await open({}, { authorization: `Bearer ${slow.adminKey}` }, slow),
    ];
    const stream = await openStream({ cookie: mine, origin }, slow, projectId);
    const [kept, gone] = [await openStream({ cookie: other, origin }, slow, projectId), stream.ended];

    const closings = sockets.map(({ socket }) => closing(socket));
    expect((await post(`${slow.url}/auth/sign-out`, {}, { cookie: mine, origin })).status).toBe(204);
    expect((await post(`${slow.url}/graphql`, { query: VIEWER }, { cookie: mine, origin })).status).toBe(401);
    expect(await Promise.all(closings)).toEqual([4403, 4403]);
    await gone;
    await sleep(300);
    for (const { socket } of stays) expect(socket.readyState).toBe(WebSocket.OPEN);
    expect(await Promise.race([kept.ended, "open"])).toBe("open");
    expect((await open({ cookie: mine, origin }, {}, slow)).code).toBe(4403);
  });
});

describe("a credential that ends behind Muster's back, without an event", () => {
  it("closes the sockets and streams of a session that another process ended", async () => {
    const cookie = await signedIn(server);
    const { socket } = await open({ cookie, origin: server.url });
    const stream = await openStream({ cookie, origin: server.url });
    const elsewhere = openDatabase({ url: server.databaseUrl });
    onTestFinished(() => elsewhere.close());
    await elsewhere.run(statement("update sessions set ended_at = clock_timestamp() where hash = $1"), [
      hashToken(cookie.split("=")[1] ?? ""),
    ]);
    expect(await closing(socket)).toBe(4403);
    await stream.ended;
  });

  it("closes the sockets of a key that was revoked, and refuses its sessions", async () => {
    const elsewhere = openDatabase({ url: server.databaseUrl });
    onTestFinished(() => elsewhere.close());
    const key = newAdminKey();
    await ensureBootstrapKey(elsewhere, key);
    const cookie = await signedIn(server, key);
    const origin = server.url;
    const bySession = await open({ cookie, origin });
    const byKey = await open({}, { authorization: `Bearer ${key}` });
    const closings = [closing(bySession.socket), closing(byKey.socket)];
    await elsewhere.run(statement("update api_keys set revoked_at = clock_timestamp() where id = $1"), [
      parseApiKey(key)?.id,
    ]);
    expect(await Promise.all(closings)).toEqual([4403, 4403]);
    expect((await post(`${server.url}/graphql`, { query: VIEWER }, { cookie, origin })).status).toBe(401);
  });
});

describe("an operation on a socket that is still open", () => {
  it("is refused when the credential has ended since, also while the feed cannot be read and tells of nothing", async () => {
    const slow = await startTestServer({}, { credentialCheckMs: 60_000 });
    onTestFinished(() => slow.stop());
    const { socket } = await open({}, { authorization: `Bearer ${slow.adminKey}` }, slow);
    const elsewhere = openDatabase({ url: slow.databaseUrl });
    const asked = Promise.withResolvers<void>();
    const held = elsewhere.transaction(async (transaction) => {
      await transaction.run(statement("lock table events in access exclusive mode"), []);
      await asked.promise;
    });
    onTestFinished(async () => {
      asked.resolve();
      await held;
      await elsewhere.close();
    });
    await elsewhere.run(statement("update api_keys set revoked_at = clock_timestamp()"), []);
    await sleep(2_500);
    const closed = closing(socket);
    const messages: string[] = [];
    socket.on("message", (data: Buffer) => messages.push(data.toString()));
    socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query: VIEWER } }));
    expect(await closed).toBe(4403);
    expect(messages.join()).not.toContain("bootstrap");
  });
});

/** A subscription over SSE that has begun; `ended` resolves when the server ends it. */
async function openStream(
  headers: Record<string, string>,
  to = server,
  project = tenant.projectId,
): Promise<{ ended: Promise<void> }> {
  const request = httpRequest(`${to.url}${query(EVENTS, { project })}`, {
    headers: { ...headers, accept: "text/event-stream" },
  });
  onTestFinished(() => void request.destroy());
  request.end();
  const [response] = await once(request, "response");
  response.on("error", () => {});
  await once(response, "data");
  return { ended: new Promise((resolve) => response.once("close", resolve)) };
}
