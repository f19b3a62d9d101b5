import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { FEED, type FeedServer, startFeedServer } from "../test/feed-server.ts";
import { createClient } from "./client.ts";
import { document } from "./document.ts";
import { TransportError, UnauthenticatedError, GraphQLRequestError } from "./errors.ts";
import type { FollowOptions } from "./follow.ts";
import type { Frame } from "./frames.ts";

const feed = document<{ feed: Frame<number> }, { after: string | null }>(FEED);
const backoff = { baseMs: 20, maxMs: 60 };

let server: FeedServer;
afterEach(() => server.stop());

function connect(token = "key") {
  const client = createClient({ url: server.url, credentials: () => token, backoff });
  onTestFinished(() => client.close());
  return client;
}

type Overrides = Partial<FollowOptions<{ feed: Frame<number> }, { after: string | null }>>;

/** Follows until `last` has arrived; answers all events in the order of their arrival. */
async function collect(last: number, overrides: Overrides = {}, client = connect()): Promise<number[]> {
  const done = new AbortController();
  const events: number[] = [];
  await client.follow({
    document: feed,
    variables: {},
    after: "0",
    backoff,
    signal: done.signal,
    onResync: () => expect.unreachable("no resync is due"),
    ...overrides,
    onEvent: async (event, cursor) => {
      await overrides.onEvent?.(event, cursor);
      events.push(event);
      if (event >= last) done.abort();
    },
  });
  return events;
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

describe("follow", () => {
  it("misses and repeats nothing while its connection is cut again and again", async () => {
    server = await startFeedServer();
    server.state.last = 20;
    const events = await collect(400, {
      onEvent: (event) => {
        server.state.last = Math.min(400, event + 20);
        if (event % 60 === 0) server.cut();
      },
    });
    expect(events).toEqual(upTo(400));
    expect(server.state.cursors.length).toBeGreaterThan(5);
    expect(server.state.cursors[0]).toBe("0");
  });

  it("continues after the last event when the server ends the subscription", async () => {
    server = await startFeedServer();
    server.state.last = 50;
    server.state.completeAfter = 7;
    expect(await collect(50)).toEqual(upTo(50));
    expect(server.state.cursors.slice(0, 3)).toEqual(["0", "7", "14"]);
  });

  it.each([1000, 1001, 1011, 4500])(
    "continues after the last event when the connection is closed with %i",
    async (code) => {
      server = await startFeedServer();
      server.state.last = 30;
      const closeOnce = (event: number) => {
        if (event !== 30) return;
        server.closeAll(code);
        server.state.last = 50;
      };
      expect(await collect(50, { onEvent: closeOnce })).toEqual(upTo(50));
      expect(server.state.cursors).toEqual(["0", "30"]);
    },
  );

  it("waits for a slow handler with a bounded buffer, and takes the feed up again", async () => {
    server = await startFeedServer();
    server.state.last = 300;
    let handling = 0;
    const events = await collect(300, {
      maxBuffered: 50,
      onEvent: async () => {
        expect(++handling).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 1));
        handling -= 1;
      },
    });
    expect(events).toEqual(upTo(300));
    expect(server.state.cursors.length).toBeGreaterThan(1);
    expect(server.state.cursors.length).toBeLessThanOrEqual(7);
  });

  it("asks for a resync and goes on after the cursor that it answers", async () => {
    server = await startFeedServer();
    server.state.last = 100;
    server.state.oldest = 60;
    const resyncs: unknown[] = [];
    const events = await collect(100, {
      onResync: async (cursor, reason) => {
        resyncs.push([cursor, reason]);
        if (resyncs.length === 1) throw new TransportError("The server is away.");
        return "90";
      },
    });
    expect(resyncs).toEqual([
      ["100", "CURSOR_EXPIRED"],
      ["100", "CURSOR_EXPIRED"],
    ]);
    expect(events).toEqual(upTo(100).slice(90));
  });

  it("goes on after the frame's own cursor when the resync answers none", async () => {
    server = await startFeedServer();
    server.state.last = 100;
    server.state.oldest = 60;
    const events = await collect(101, {
      onResync: () => {
        setTimeout(() => (server.state.last = 101), 100);
      },
    });
    expect(events).toEqual([101]);
  });

  it("survives a restart of the server and tells its status", async () => {
    server = await startFeedServer();
    server.state.last = 3;
    const { port } = server;
    const statuses: string[] = [];
    let restarted: Promise<unknown> = Promise.resolve();
    const events = await collect(6, {
      onStatus: (status) => statuses.push(status),
      onEvent: (event) => {
        if (event !== 3) return;
        restarted = server.stop().then(async () => {
          await new Promise((resolve) => setTimeout(resolve, 400));
          server = await startFeedServer(port);
          server.state.last = 6;
        });
      },
    });
    await restarted;
    expect(events).toEqual(upTo(6));
    expect(statuses).toEqual(["connecting", "live", "reconnecting", "offline", "live", "offline"]);
  });

  it("stops with what a handler throws, and hands out nothing after it", async () => {
    server = await startFeedServer();
    server.state.last = 10;
    const seen: number[] = [];
    const following = collect(10, {
      onEvent: (event) => {
        seen.push(event);
        if (event === 4) throw new Error("broken handler");
      },
    });
    await expect(following).rejects.toThrow("broken handler");
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it("ends with a typed error when its credentials are refused, or the document is wrong", async () => {
    server = await startFeedServer();
    server.state.accepts = () => false;
    await expect(collect(1)).rejects.toThrow("refused");
    server.state.accepts = () => true;
    const wrong = collect(1, { document: document("subscription { nothing }") });
    await expect(wrong).rejects.toBeInstanceOf(GraphQLRequestError);
  });

  it("goes on with renewed credentials after its connection was closed for the old ones", async () => {
    server = await startFeedServer();
    server.state.last = 5;
    let token = "old";
    server.state.accepts = (authorization) => authorization === `Bearer ${token}`;
    const client = createClient({ url: server.url, credentials: () => token, backoff });
    onTestFinished(() => client.close());
    const renew = (event: number) => {
      if (event === 5) server.state.last = 8;
      if (event !== 5) return;
      token = "new";
      server.closeAll(4401, "expired");
    };
    expect(await collect(8, { onEvent: renew }, client)).toEqual(upTo(8));
    expect(server.state.authorizations).toEqual(["Bearer old", "Bearer new"]);
    server.state.accepts = () => false;
    server.closeAll(4401, "revoked");
    await expect(collect(9, {}, client)).rejects.not.toBeInstanceOf(TransportError);
  });

  it.each([4401, 4403])("is refused with UnauthenticatedError when the connection is closed with %i", async (code) => {
    server = await startFeedServer();
    server.state.last = 1;
    const following = collect(2, { onEvent: () => server.closeAll(code, "revoked") });
    await expect(following).rejects.toBeInstanceOf(UnauthenticatedError);
  });
});
