import { followOverStream } from "../clients/event-stream.ts";
import { runClient } from "../clients/recorded-client.ts";
import { RecordedHistory } from "../clients/recorded-history.ts";
import { startSlowRelay } from "../clients/slow-relay.ts";
import { followOverSocket } from "../clients/web-socket.ts";
import { planFor } from "../recorded-clients.ts";
import { type Fault, wait } from "../site.ts";

/** A client takes nothing for a while, and then everything: it misses nothing, whether it was kept or sent away. */
export const stall: Fault = {
  name: "client stalled",
  async inject(site, random) {
    const replica = random.pick(site.replicas);
    const relay = await startSlowRelay(replica.port);
    try {
      const transport = random.pick([followOverSocket, followOverStream]);
      const start = random.pick(site.histories.filter(({ field }) => field === "events")).start;
      const history = new RecordedHistory(`stalled on ${replica.name}`, "events", start);
      const plan = planFor(site, random.branch(history.name));
      const client = (recorded: RecordedHistory) =>
        runClient(recorded, { ...plan, transport, url: () => relay.url, mostSilentMs: Infinity }).finally(relay.close);
      site.record(history, client);
      await wait(site, 500);
      relay.slowDown("stalled");
      await wait(site, site.scale.stallMs);
      const before = history.frames.length;
      relay.release();
      await wait(site, 1_000);
      const resyncs = history.resyncs.length;
      site.journal.injected(
        this.name,
        `${site.scale.stallMs} ms over ${transport === followOverSocket ? "a socket" : "a stream"}; ` +
          `then ${history.frames.length - before} frames, ${resyncs} demands to begin anew`,
      );
    } catch (error) {
      relay.close();
      throw error;
    }
  },
};
