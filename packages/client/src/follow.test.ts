import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { backoff, collectEvents, type FollowOverrides } from "../test/collect-events.ts";
import { type FeedServer, startFeedServer } from "../test/feed-server.ts";
import { createClient } from "./client.ts";
import { TransportError } from "./errors.ts";

let server: FeedServer;
afterEach(() => server.stop());

function connect(token = "key") {
  const client = createClient({ url: server.url, credentials: () => token, backoff });
  onTestFinished(() => client.close());
  return client;
}

const collect = (last: number, overrides: FollowOverrides = {}, client = connect()) =>
  collectEvents(client, last, overrides);

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
    server.state.fate = () => ({ after: 7, ends: "complete" });
    expect(await collect(50)).toEqual(upTo(50));
    expect(server.state.cursors.slice(0, 3)).toEqual(["0", "7", "14"]);
  });

  it.each([1000, 1001, 1011, 4410, 4500])(
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

  it("takes no resync for having been slow: it goes on after the last event that was handled", async () => {
    server = await startFeedServer();
    server.state.last = 30;
    server.state.fate = (subscription) => ({ after: subscription === 0 ? 20 : 99, ends: "slow consumer" });
    expect(await collect(30)).toEqual(upTo(30));
    expect(server.state.cursors).toEqual(["0", "20"]);
  });

  it.each(["web socket", "sse"])("lets its process end once it is closed: %s", async (transport) => {
    server = await startFeedServer();
    server.state.last = 1;
    const program = fileURLToPath(new URL("../test/follow-then-close.ts", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program, server.url, transport], {
      timeout: 20_000,
    });
    expect(stdout).toBe("closed");
  });
});
