import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase } from "@muster/database/database.ts";
import { presentCursor } from "@muster/events/locate.ts";
import { type Figure, say } from "../report.ts";
import { startServerProcess } from "../server-process.ts";
import { insertHistory } from "./insert-history.ts";
import type { Subscribers } from "./subscribers.ts";
import { replaying } from "./subscription.ts";

const EVENTS = 1_000_000;
/** Until then the heap grows to the size that it works at. */
const WARM_EVENTS = 200_000;
/** Then the figure stands for as much as has come. */
const WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

/** One subscriber who comes with a cursor from before 1,000,000 events, and by how much the server's memory grows after the first fifth. */
export async function replay(databaseUrl: string, subscribers: Subscribers): Promise<Figure[]> {
  const database = openDatabase({ url: databaseUrl, connections: 1 });
  const after = await presentCursor(database).finally(() => database.close());
  await insertHistory(databaseUrl, EVENTS);
  say(`${EVENTS} events are there.`);
  const server = await startServerProcess(databaseUrl);
  try {
    const { url, key } = server;
    await subscribers.take();
    const begun = performance.now();
    await subscribers.open({
      group: "replay",
      url,
      key,
      greets: true,
      subscriptions: [replaying(after)],
      timed: false,
    });
    let [warm, most] = [0, 0];
    let received = await subscribers.look();
    while (!received.caughtUp && performance.now() - begun < WITHIN_MS) {
      await sleep(LOOK_EVERY_MS);
      const { rssBytes } = await server.usage();
      if (received.events < WARM_EVENTS) warm = Math.max(warm, rssBytes);
      else most = Math.max(most, rssBytes);
      received = await subscribers.look();
    }
    const seconds = (performance.now() - begun) / 1_000;
    say(`${received.events} events came in ${seconds.toFixed(0)} s.`);
    if (received.caughtUp && received.events !== EVENTS)
      throw new Error("The replay has not delivered every event once.");
    await subscribers.close("replay");
    return [
      { name: "feed.replay.events_per_second", value: received.events / seconds, unit: "events/s" },
      { name: "feed.replay.rss_growth_mib", value: Math.max(0, most - warm) / 1_048_576, unit: "MiB" },
    ];
  } finally {
    await server.stop();
  }
}
