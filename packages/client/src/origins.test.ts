import { expect, it, onTestFinished } from "vitest";
import { startFeedServer } from "../test/feed-server.ts";
import { createClient } from "./client.ts";
import { document } from "./document.ts";
import { createOrigins } from "./origins.ts";

it("goes to the next server when one fails, once for all who report the same loss", () => {
  const origins = createOrigins(["http://a/", "http://b", "http://c"], () => 0);
  expect(origins.current).toBe("http://a");
  origins.failed("http://a");
  origins.failed("http://a");
  expect(origins.current).toBe("http://b");
  origins.failed("http://b");
  origins.failed("http://c");
  expect(origins.current).toBe("http://a");
});

it("spreads its beginnings, and refuses to begin nowhere", () => {
  expect(createOrigins(["http://a", "http://b"], () => 0.99).current).toBe("http://b");
  expect(createOrigins("http://a").current).toBe("http://a");
  expect(() => createOrigins([])).toThrow(TypeError);
});

it("takes requests and subscriptions of a client away from a server that is gone", async () => {
  const server = await startFeedServer();
  onTestFinished(() => server.stop());
  const ticks = document<{ ticks: number }, object>("subscription { ticks }");
  const backoff = { baseMs: 1, maxMs: 4 };
  for (let round = 0; round < 8; round += 1) {
    const client = createClient({ url: ["http://127.0.0.1:1", server.url], credentials: () => null, backoff });
    const first = await client.subscribe(ticks, {})[Symbol.asyncIterator]().next();
    expect(first.value).toEqual({ ticks: 1 });
    client.close();
  }
});
