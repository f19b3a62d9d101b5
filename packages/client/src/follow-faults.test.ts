import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import { FEED, type Fate, startFeedServer } from "../test/feed-server.ts";
import { createClient } from "./client.ts";
import { document } from "./document.ts";
import type { Frame } from "./frames.ts";
import { serverSentEvents } from "./server-sent-events.ts";
import { webSocket } from "./web-socket.ts";

const feed = document<{ feed: Frame<number> }, { after: string | null }>(FEED);
const backoff = { baseMs: 1, maxMs: 4 };
const LAST = 60;

const ENDS = ["complete", "failure", "slow consumer", "cut", 1000, 1001, 1011, 1012, 4408, 4410, 4500] as const;
const fate = fc.record({ after: fc.nat(15), ends: fc.constantFrom(...ENDS) }) satisfies fc.Arbitrary<Fate>;
const story = fc.record({
  transport: fc.constantFrom(webSocket, serverSentEvents),
  fates: fc.array(fate, { maxLength: 8 }),
  handlingMs: fc.array(fc.nat(2), { minLength: 1, maxLength: 4 }),
  maxBuffered: fc.integer({ min: 1, max: 40 }),
});

type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never;

it("hands out every event once and in order, however often two servers drop, slow down or repeat", async () => {
  const servers = [await startFeedServer(), await startFeedServer()];
  onTestFinished(async () => void (await Promise.all(servers.map((server) => server.stop()))));
  const tell = async ({ transport, fates, handlingMs, maxBuffered }: Story) => {
    let subscriptions = 0;
    for (const { state } of servers) {
      state.last = LAST / 2;
      state.fate = () => fates[subscriptions++] ?? { after: Number.POSITIVE_INFINITY, ends: "complete" };
    }
    const client = createClient({ url: servers.map(({ url }) => url), credentials: () => "key", transport, backoff });
    const done = new AbortController();
    const events: number[] = [];
    let bookmark = 0;
    await client.follow({
      document: feed,
      variables: {},
      after: "0",
      backoff,
      maxBuffered,
      signal: done.signal,
      onEvent: async (event, cursor) => {
        const wait = handlingMs[event % handlingMs.length] ?? 0;
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        events.push(event);
        expect(cursor).toBe(String(event));
        if (event === LAST / 2) for (const { state } of servers) state.last = LAST;
        if (event === LAST) done.abort();
      },
      onBookmark: (cursor) => {
        expect(Number(cursor)).toBe(events.at(-1) ?? 0);
        expect(Number(cursor)).toBeGreaterThanOrEqual(bookmark);
        bookmark = Number(cursor);
      },
      onResync: () => expect.unreachable("nothing was lost"),
    });
    client.close();
    await expect.poll(() => servers.map((server) => server.connections()), { timeout: 5_000 }).toEqual([0, 0]);
    expect(events).toEqual(Array.from({ length: LAST }, (_, index) => index + 1));
  };
  await fc.assert(fc.asyncProperty(story, tell), { numRuns: 20 });
}, 60_000);
