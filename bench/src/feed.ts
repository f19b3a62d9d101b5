import { withBenchDatabase } from "./bench-database.ts";
import { bystanders } from "./feed/bystanders.ts";
import { commitToClient } from "./feed/commit-to-client.ts";
import { withContestants } from "./feed/contestants.ts";
import { fanOut } from "./feed/fan-out.ts";
import { idleSubscribers } from "./feed/idle-subscribers.ts";
import { replay } from "./feed/replay.ts";
import { Subscribers } from "./feed/subscribers.ts";
import { createFleet } from "./fleet.ts";
import type { Figure } from "./report.ts";

/** The live feed: what a delivery and a waiting subscriber cost beside the peers, how soon events come, how fast they replay. */
export async function run(): Promise<Figure[]> {
  return withBenchDatabase(async (url) => {
    await createFleet(url);
    const subscribers = new Subscribers();
    try {
      const delivering = await withContestants(url, subscribers, async (contestants) => [
        ...(await fanOut(contestants, subscribers)),
        ...(await bystanders(contestants.muster, subscribers)),
      ]);
      const waiting = await withContestants(url, subscribers, (contestants) =>
        idleSubscribers(contestants, subscribers),
      );
      const delays = await commitToClient(url, subscribers);
      return [...delivering, ...delays, ...waiting, ...(await replay(url, subscribers))];
    } finally {
      await subscribers.stop();
    }
  });
}
