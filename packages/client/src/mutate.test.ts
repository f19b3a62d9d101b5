import { setTimeout as sleep } from "node:timers/promises";
import { GraphQLError } from "graphql";
import { describe, expect, it, onTestFinished } from "vitest";
import { startFeedServer } from "../test/feed-server.ts";
import { createClient } from "./client.ts";
import { document } from "./document.ts";
import type { ExecuteOptions } from "./execute.ts";
import { createMutationGate } from "./mutation-gate.ts";
import { serverSentEvents } from "./server-sent-events.ts";

const ADD = document<{ add: number }, { text: string }>("mutation ($text: String!) { add(text: $text) }");
const FEED = document<{ feed: { cursor: string } }, { after: string }>(
  "subscription ($after: String) { feed(after: $after) { ... on EventDelivery { cursor } ... on Bookmark { cursor } } }",
);

/** A client, and `listen`, which opens a subscription and resolves when it delivers. */
async function connected(options: Partial<Parameters<typeof createClient>[0]> = {}) {
  const server = await startFeedServer();
  const client = createClient({
    url: server.url,
    credentials: () => "key",
    backoff: { baseMs: 20, maxMs: 60 },
    ...options,
  });
  onTestFinished(async () => {
    client.close();
    await server.stop();
  });
  const listen = async (signal?: AbortSignal) => {
    const results = client.subscribe(FEED, { after: "0" }, signal ? { signal } : {});
    await results[Symbol.asyncIterator]().next();
  };
  const add = async (text: string, request?: ExecuteOptions) => (await client.execute(ADD, { text }, request)).add;
  const ways = () => server.state.added.map(({ over }) => over);
  return { server, client, listen, add, ways };
}

describe("a mutation", () => {
  it("goes over the WebSocket that subscriptions have open, and only then", async () => {
    const { server, client, listen, add, ways } = await connected();
    const stop = new AbortController();
    expect(await add("before")).toBe(1);
    await listen(stop.signal);
    expect(await Promise.all(["one", "other"].map((text) => add(text)))).toEqual([2, 3]);
    expect(server.connections()).toBe(1);
    expect(await client.execute(document<{ ok: boolean }, object>("query { ok }"), {})).toEqual({ ok: true });
    stop.abort();
    await expect.poll(() => server.connections(), { timeout: 5_000 }).toBe(0);
    expect(await add("after")).toBe(4);
    expect(ways()).toEqual(["HTTP", "WebSocket", "WebSocket", "HTTP"]);
    // The queries and mutations over HTTP, and one connection.
    expect(server.state.authorizations).toHaveLength(4);
  });

  it("goes over HTTP where there is no WebSocket", async () => {
    const { listen, add, ways } = await connected({ transport: serverSentEvents });
    await listen();
    await add("text");
    expect(ways()).toEqual(["HTTP"]);
  });

  it("goes over HTTP when it is larger than a message may be", async () => {
    const { listen, add, ways } = await connected();
    await listen();
    expect(await add("\u20ac".repeat(79_000))).toBe(1);
    expect(await add("x".repeat(80_000))).toBe(2);
    expect(ways()).toEqual(["WebSocket", "HTTP"]);
  });

  it("is not repeated when the connection is lost before its answer, and the next ones go over HTTP", async () => {
    const { server, listen, add, ways } = await connected();
    await listen();
    server.state.answer = () => new Promise(() => {});
    const lost = add("lost");
    await expect.poll(ways).toEqual(["WebSocket"]);
    server.cut();
    await expect(lost).rejects.toMatchObject({ name: "TransportError", retryable: true });
    server.state.answer = async () => 7;
    await expect.poll(() => server.state.cursors.length).toBe(2);
    await sleep(100);
    expect(await add("next")).toBe(7);
    expect(server.state.added.map(({ text, over }) => [text, over])).toEqual([
      ["lost", "WebSocket"],
      ["next", "HTTP"],
    ]);
  });

  it.each([4403, 1009, 1001])("may have been carried out when the server closes with %i meanwhile", async (code) => {
    const { server, listen, add } = await connected();
    await listen().catch(() => {});
    server.state.answer = () => new Promise(() => {});
    const lost = add("lost");
    await expect.poll(() => server.state.added.length).toBe(1);
    server.closeAll(code, "");
    await expect(lost).rejects.toMatchObject({ name: "TransportError", retryable: true });
  });

  it("is not waited for any longer than it may take, nor when nobody wants its answer", async () => {
    const { server, listen, add, ways } = await connected();
    await listen();
    server.state.answer = () => new Promise(() => {});
    const unwanted = new AbortController();
    const aborted = add("unwanted", { signal: unwanted.signal });
    await expect.poll(ways).toEqual(["WebSocket"]);
    unwanted.abort(new Error("Never mind."));
    await expect(aborted).rejects.toThrow("Never mind.");
    await expect(add("late", { timeoutMs: 60 })).rejects.toThrow(/did not answer within 60 ms/);
    server.state.answer = async () => 7;
    expect(await add("next")).toBe(7);
    // Giving up says nothing against the connection; a silence does.
    expect(ways()).toEqual(["WebSocket", "WebSocket", "HTTP"]);
  });

  it("tells the server's errors as over HTTP", async () => {
    const { server, listen, add, ways } = await connected();
    await listen();
    server.state.answer = async () => {
      throw new GraphQLError("No.", { extensions: { code: "UNAVAILABLE" } });
    };
    await expect(add("text")).rejects.toMatchObject({ name: "GraphQLRequestError", code: "UNAVAILABLE" });
    expect(ways()).toEqual(["WebSocket"]);
  });

  it("goes over HTTP when the server has no room for it on the connection", async () => {
    const { server, listen, add, ways } = await connected();
    await listen();
    server.state.answer = async (_text, over) => {
      if (over === "HTTP") return 7;
      throw new GraphQLError("Too many.", { extensions: { code: "LIMIT_EXCEEDED", limit: "operations.open" } });
    };
    expect(await add("text")).toBe(7);
    expect(ways()).toEqual(["WebSocket", "HTTP"]);
  });

  it("leaves the connection room for others", async () => {
    const { server, listen, add, ways } = await connected();
    await listen();
    const answers = Promise.withResolvers<number>();
    server.state.answer = () => answers.promise;
    const all = Promise.all(Array.from({ length: 120 }, () => add("text")));
    await expect.poll(() => ways().length, { timeout: 5_000 }).toBe(120);
    answers.resolve(7);
    expect((await all).every((answer) => answer === 7)).toBe(true);
    expect(ways().filter((over) => over === "WebSocket")).toHaveLength(100);
  });

  it("is given up when the client is closed", async () => {
    const { server, client, listen, add, ways } = await connected();
    await listen();
    server.state.answer = () => new Promise(() => {});
    const lost = add("lost");
    await expect.poll(ways).toEqual(["WebSocket"]);
    client.close();
    await expect(lost).rejects.toMatchObject({ name: "TransportError" });
  });
});

describe("createMutationGate", () => {
  it("lets 1,000 through in a second, and none after a loss until it can have been noticed", () => {
    let now = 5_000;
    const gate = createMutationGate(() => now);
    const enter = () => gate.enter();
    for (let sent = 0; sent < 1_000; sent += 1) enter()?.("answered");
    expect(enter()).toBeNull();
    now += 1_000;
    enter()?.("lost");
    expect(enter()).toBeNull();
    now += 19_999;
    expect(enter()).toBeNull();
    now += 1;
    expect(enter()).not.toBeNull();
  });
});
