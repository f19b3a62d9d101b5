import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { newAdminKey } from "@muster/identity/new-admin-key.ts";
import { describe, expect, it, onTestFinished } from "vitest";
import { readSettings } from "../src/settings.ts";
import { post } from "./browser.ts";
import { serverForTest, startTestServer, type TestServer } from "./harness.ts";
import { openRawSocket } from "./raw-socket.ts";
import { bodyOf, transportsOf } from "./transports.ts";

const VIEWER = "{ viewer { permissions } }";

/** A connection that sends what it is told, byte for byte, and what came back on it. */
async function rawConnection(
  server: TestServer,
): Promise<{ socket: Socket; text: () => string; ended: Promise<unknown> }> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  let text = "";
  socket.setEncoding("utf8").on("error", () => {});
  socket.on("data", (more: string) => (text += more));
  const ended = once(socket, "close");
  await once(socket, "connect");
  return { socket, text: () => text, ended };
}

const ask = (server: TestServer, key: string, headers: Record<string, string> = {}) =>
  post(`${server.url}/graphql`, { query: VIEWER }, { authorization: `Bearer ${key}`, ...headers });

describe("an address", () => {
  it("has to wait when it sends too much, whoever it says it is, on every transport", async () => {
    const server = await serverForTest({ MUSTER_REQUESTS_PER_SECOND_PER_ADDRESS: "3" });
    const socket = await openRawSocket(server);
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask(server, server.adminKey)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(5);
    expect(refused[0]?.headers.get("retry-after")).toBe("1");
    expect(await refused[0]?.json()).toMatchObject({
      errors: [{ extensions: { code: "LIMIT_EXCEEDED", limit: "address.rate", retryAfterMs: expect.any(Number) } }],
    });
    for (let id = 1; id <= 30; id += 1) socket.subscribe(String(id), VIEWER);
    await expect
      .poll(() => socket.messages.find(({ type }) => type === "error"))
      .toMatchObject({ payload: [{ extensions: { limit: "address.rate", retryAfterMs: expect.any(Number) } }] });
    const overSse = transportsOf(() => server).find(([name]) => name === "SSE")?.[1];
    const streams = await Promise.all(Array.from({ length: 30 }, () => overSse?.(bodyOf(VIEWER))));
    expect(streams.some((outcome) => outcome?.limit === "address.rate")).toBe(true);
  });

  it("has to wait with new sockets, too", async () => {
    const server = await serverForTest({ MUSTER_REQUESTS_PER_SECOND_PER_ADDRESS: "2" });
    const opening = Array.from({ length: 12 }, () => openRawSocket(server).then(() => "open", String));
    const outcomes = await Promise.all(opening);
    expect(outcomes).toContain("open");
    expect(outcomes).toContain("Error: Unexpected server response: 429");
  });

  it("has to wait after too many credentials that do not work, and one that works is not held up", async () => {
    const server = await serverForTest({ MUSTER_REFUSALS_PER_SECOND_PER_ADDRESS: "1" });
    expect((await ask(server, server.adminKey)).status).toBe(200);
    const answers: Response[] = [];
    await expect
      .poll(
        async () => {
          answers.push(...(await Promise.all(Array.from({ length: 10 }, () => ask(server, newAdminKey())))));
          return answers.map(({ status }) => status);
        },
        { timeout: 15_000, interval: 0 },
      )
      .toContain(429);
    expect(answers.map(({ status }) => status)).toContain(401);
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.headers.get("retry-after")).toBe("1");
    expect(await refused?.json()).toMatchObject({ errors: [{ extensions: { limit: "address.refusals" } }] });
    expect((await openRawSocket(server, newAdminKey())).messages).toEqual([]);
    expect((await ask(server, server.adminKey)).status).toBe(200);
  });

  it("is what a trusted proxy says, and what nobody else says", async () => {
    const limits = { MUSTER_REQUESTS_PER_SECOND_PER_ADDRESS: "1" };
    const behind = await serverForTest({ ...limits, MUSTER_TRUSTED_PROXIES: "127.0.0.0/8, ::1" });
    const open = await serverForTest(limits);
    /** One request for each of twenty addresses, all at once, behind what each wrote there itself. */
    const statuses = (server: TestServer) =>
      Promise.all(
        Array.from({ length: 20 }, async (_, at) => {
          const headers = { "x-forwarded-for": `192.0.2.9, 203.0.113.${at + 1}` };
          return (await ask(server, newAdminKey(), headers)).status;
        }),
      );
    expect(new Set(await statuses(behind))).toEqual(new Set([401]));
    expect(await statuses(open)).toContain(429);
  });

  it("may have so many connections that have not signed in", async () => {
    const server = await serverForTest({ MUSTER_STRANGERS_PER_ADDRESS: "5" });
    const socket = await openRawSocket(server);
    const held = await Promise.all(Array.from({ length: 5 }, () => rawConnection(server)));
    const late = await rawConnection(server);
    await late.ended;
    expect(late.text()).toMatch(/^HTTP\/1\.1 429 .*retry-after: 5\r\n.*"limit":"address\.strangers"/s);
    // The socket that signed in is no stranger, and goes on.
    socket.subscribe("1", VIEWER);
    await expect.poll(() => socket.frames("1").length).toBe(1);
    held[0]?.socket.destroy();
    await held[0]?.ended;
    await sleep(50);
    expect((await openRawSocket(server)).socket.readyState).toBe(1);
  });
});

describe("a client that takes its time", () => {
  const inAHurry = async (): Promise<TestServer> => {
    const { limits } = readSettings({ DATABASE_URL: "postgres://localhost/none" });
    const server = await startTestServer({}, { limits: { ...limits, headMs: 500, requestMs: 1_000 } });
    onTestFinished(() => server.stop());
    return server;
  };

  it("with the head of a request, a byte now and then, is cut off, and so is one that sends nothing", async () => {
    const server = await inAHurry();
    const [slow, silent] = [await rawConnection(server), await rawConnection(server)];
    const begun = performance.now();
    slow.socket.write("POST /graphql HTTP/1.1\r\nHost: x\r\n");
    const trickle = setInterval(() => slow.socket.write("x-a: b\r\n"), 100);
    await Promise.all([slow.ended, silent.ended]);
    clearInterval(trickle);
    expect(performance.now() - begun).toBeLessThan(4_000);
    expect(slow.text()).toMatch(/^HTTP\/1\.1 408/);
  });

  it("with the body of a request is cut off, on every path, and nobody else is held up", async () => {
    const server = await inAHurry();
    const paths: [path: string, headers: string][] = [
      ["/graphql", `authorization: Bearer ${server.adminKey}\r\n`],
      ["/graphql", `authorization: Bearer ${server.adminKey}\r\naccept: text/event-stream\r\n`],
      ["/auth/sign-in", ""],
    ];
    const begun = performance.now();
    const slow = await Promise.all(
      paths.map(async ([path, headers]) => {
        const connection = await rawConnection(server);
        connection.socket.write(
          `POST ${path} HTTP/1.1\r\nHost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n${headers}\r\n{`,
        );
        const trickle = setInterval(() => connection.socket.write(" "), 100);
        void connection.ended.then(() => clearInterval(trickle));
        return connection;
      }),
    );
    expect((await ask(server, server.adminKey)).status).toBe(200);
    await Promise.all(slow.map(({ ended }) => ended));
    expect(performance.now() - begun).toBeLessThan(5_000);
    for (const { text } of slow) expect(text()).not.toMatch(/^HTTP\/1\.1 200/);
  });
});
