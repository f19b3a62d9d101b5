import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { type FeedServer, startFeedServer } from "../test/feed-server.ts";
import { createClient } from "./client.ts";
import { document } from "./document.ts";
import { GraphQLRequestError, TransportError, UnauthenticatedError } from "./errors.ts";
import { retry } from "./retry.ts";
import type { Status } from "./status.ts";

const backoff = { baseMs: 20, maxMs: 60 };
const ticks = document<{ ticks: number }, Record<string, never>>("subscription { ticks }");
const feed = document<{ feed: { cursor: string } }, { after: string }>(
  "subscription ($after: String) { feed(after: $after) { ... on EventDelivery { cursor } ... on Bookmark { cursor } } }",
);

let server: FeedServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function answering(listener: RequestListener): Promise<string> {
  const http = createServer(listener);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}
const answer = (status: number, body: unknown) =>
  answering((_request, response) =>
    response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body)),
  );
const execute = (url: string, options?: { signal?: AbortSignal; timeoutMs?: number }) =>
  createClient({ url, credentials: () => "key" }).execute(
    document<{ ok: boolean }, object>("{ ok }"),
    { a: 1 },
    options,
  );

describe("execute", () => {
  it("posts the document with fresh credentials and answers the data", async () => {
    const seen: unknown[] = [];
    const url = await answering((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        seen.push([request.url, request.headers.authorization, JSON.parse(Buffer.concat(chunks).toString())]);
        response.end('{"data":{"ok":true}}');
      });
    });
    expect(await execute(`${url}/`)).toEqual({ ok: true });
    expect(seen).toEqual([["/graphql", "Bearer key", { query: "{ ok }", variables: { a: 1 } }]]);
  });

  it("tells errors apart", async () => {
    const errors = (code: string) => ({ errors: [{ message: "No.", extensions: { code } }] });
    await expect(execute(await answer(200, errors("NOT_FOUND")))).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(execute(await answer(200, errors("NOT_FOUND")))).rejects.toBeInstanceOf(GraphQLRequestError);
    await expect(execute(await answer(401, errors("UNAUTHENTICATED")))).rejects.toBeInstanceOf(UnauthenticatedError);
    await expect(execute(await answer(401, "who?"))).rejects.toBeInstanceOf(UnauthenticatedError);
    await expect(execute(await answer(502, "<html>"))).rejects.toMatchObject({
      name: "TransportError",
      retryable: true,
    });
    await expect(execute(await answer(413, "large"))).rejects.toMatchObject({
      name: "TransportError",
      retryable: false,
    });
    await expect(execute(await answer(200, "[]"))).rejects.toBeInstanceOf(TransportError);
    await expect(execute("http://127.0.0.1:1")).rejects.toMatchObject({ name: "TransportError", retryable: true });
  });

  it("sends a request that was refused once more with renewed credentials", async () => {
    const seen: unknown[] = [];
    const url = await answering((request, response) => {
      seen.push(request.headers.authorization);
      if (request.headers.authorization === "Bearer new") return response.end('{"data":{"ok":true}}');
      response.writeHead(401).end();
    });
    const renewing = createClient({ url, credentials: (refused) => (refused === "old" ? "new" : "old") });
    expect(await renewing.execute(document<{ ok: boolean }, object>("{ ok }"), {})).toEqual({ ok: true });
    const stuck = createClient({ url, credentials: () => "old" });
    await expect(stuck.execute(document("{ ok }"), {})).rejects.toBeInstanceOf(UnauthenticatedError);
    expect(seen).toEqual(["Bearer old", "Bearer new", "Bearer old"]);
  });

  it("asks the next server after one that cannot be reached, or cannot answer", async () => {
    const up = await answer(200, { data: { ok: true } });
    const draining = await answer(503, "later");
    for (let each = 0; each < 16; each += 1) {
      const down = each % 2 === 0 ? "http://127.0.0.1:1" : draining;
      const client = createClient({ url: [down, up], credentials: () => null });
      const ask = () => client.execute(document<{ ok: boolean }, object>("{ ok }"), {});
      expect(await retry(ask, { backoff, shouldRetry: (_error, failures) => failures === 1 })).toEqual({ ok: true });
    }
  });

  it("stays with a server whose answer was not waited for", async () => {
    const asked: string[] = [];
    const silent = (name: string) => answering(() => void asked.push(name));
    const client = createClient({ url: [await silent("one"), await silent("other")], credentials: () => null });
    for (let each = 0; each < 4; each += 1) {
      const signal = AbortSignal.timeout(40);
      await expect(client.execute(document("{ ok }"), {}, { signal })).rejects.toMatchObject({ name: "TimeoutError" });
    }
    expect(new Set(asked).size).toBe(1);
  });

  it("throws a TypeError for variables that are no JSON", async () => {
    const client = createClient({ url: await answer(200, { data: { ok: true } }), credentials: () => null });
    await expect(client.execute(document("{ ok }"), { count: 1n })).rejects.toBeInstanceOf(TypeError);
  });

  it("ends at its time-out, and with the caller's reason", async () => {
    const silent = await answering(() => {});
    await expect(execute(silent, { timeoutMs: 50 })).rejects.toThrow("within 50 ms");
    const caller = new AbortController();
    setTimeout(() => caller.abort(new Error("changed my mind")), 20);
    await expect(execute(silent, { signal: caller.signal })).rejects.toThrow("changed my mind");
  });
});

describe("subscribe", () => {
  it("shares one connection, opened when needed and closed after the last one", async () => {
    const running = (server = await startFeedServer());
    const client = createClient({ url: running.url, credentials: () => "key", backoff });
    onTestFinished(() => client.close());
    expect(running.connections()).toBe(0);
    const take = async () => {
      const seen: number[] = [];
      for await (const data of client.subscribe(ticks, {})) {
        seen.push(data.ticks);
        if (seen.length === 3) break;
      }
      return seen;
    };
    expect(await Promise.all([take(), take(), take()])).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(running.state.authorizations).toEqual(["Bearer key"]);
    expect(client.status).toBe("live");
    await vi.waitFor(() => expect(running.connections()).toBe(0), { timeout: 5_000 });
    expect(client.status).toBe("connecting");
  });

  it("subscribes again after a lost connection, and stops with its signal", async () => {
    const running = (server = await startFeedServer());
    running.state.last = 1;
    const client = createClient({ url: running.url, credentials: () => "key", backoff });
    onTestFinished(() => client.close());
    const statuses: Status[] = [];
    client.onStatus((status) => statuses.push(status));
    const stop = new AbortController();
    let results = 0;
    for await (const _ of client.subscribe(feed, { after: "0" }, { signal: stop.signal })) {
      results += 1;
      if (results === 2) running.cut();
      if (results === 4) stop.abort();
    }
    expect(results).toBe(4);
    expect(running.state.cursors).toEqual(["0", "0"]);
    expect(statuses).toEqual(["live", "reconnecting", "live"]);
  });

  it("notices a peer that has vanished without closing", async () => {
    const running = (server = await startFeedServer());
    const client = createClient({
      url: running.url,
      credentials: () => null,
      backoff,
      keepAliveMs: 50,
      answerTimeoutMs: 100,
    });
    onTestFinished(() => client.close());
    const stop = new AbortController();
    let results = 0;
    for await (const _ of client.subscribe(feed, { after: "0" }, { signal: stop.signal })) {
      results += 1;
      if (results === 1) running.freeze();
      if (results === 2) stop.abort();
    }
    expect(running.state.cursors.length).toBe(2);
  });

  it("makes one attempt after another for all subscriptions together while the server is away", async () => {
    let attempts = 0;
    const url = await answering((_request, response) => response.end());
    const client = createClient({
      url,
      credentials: () => {
        attempts += 1;
        return null;
      },
      webSocketImpl: class extends WebSocket {
        constructor(address: string, protocol: string) {
          super(address, protocol);
          attempts += 1;
        }
      },
      backoff: { baseMs: 50, maxMs: 50, random: () => 1 },
    });
    const reading = Array.from({ length: 20 }, async () => {
      for await (const _ of client.subscribe(ticks, {})) expect.unreachable();
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(client.status).toBe("offline");
    client.close();
    await Promise.all(reading);
    expect(attempts).toBeGreaterThan(2);
    expect(attempts).toBeLessThan(9);
  });

  it("throws what the server refuses for good", async () => {
    const running = (server = await startFeedServer());
    const client = createClient({ url: running.url, credentials: () => "key", backoff });
    onTestFinished(() => client.close());
    const read = async () => {
      for await (const _ of client.subscribe(document("subscription { refused }"), {})) expect.unreachable();
    };
    await expect(read()).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
