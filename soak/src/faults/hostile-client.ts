import { setTimeout as sleep } from "node:timers/promises";
import { startSlowRelay } from "../clients/slow-relay.ts";
import { openSocket } from "../clients/web-socket.ts";
import type { Replica } from "../replica.ts";
import { type Fault, type Site, wait } from "../site.ts";

const SUBSCRIPTIONS = 10;
/** Each event's payload is asked for so many times. */
const COPIES = 40;
const MORE = Array.from({ length: COPIES }, (_, number) => `payload${number}: payload`).join(" ");
/** What so many events make for all subscriptions is more than all buffers on the way hold: the kernel's grow to some 10 MB. */
const ENOUGH_EVENTS = 400;
/** It stays so much longer when not enough has happened. */
const LONGER_MS = 10_000;
const ENDED_WITHIN_MS = 5_000;

/** A client on its socket that asks for much and reads one byte a second. */
export interface HostileClient {
  /** So much has happened that it had to be ended. */
  isDue(): boolean;
  /** Reads all that is left, and tells the journal how the server got rid of it, or that it did not. */
  release(): Promise<void>;
}

/** Opens a hostile client on a server. Null when the server is just not there. */
export async function openHostileClient(site: Site, replica: Replica): Promise<HostileClient | null> {
  const relay = await startSlowRelay(replica.port);
  const [live, resyncs] = [new Set<number>(), new Set<number>()];
  const allLive = Promise.withResolvers<true>();
  const connection = openSocket({
    url: relay.url,
    key: site.adminKey,
    field: "events",
    project: site.tenant.projectId,
    after: site.histories[0]?.cursor ?? "",
    subscriptions: SUBSCRIPTIONS,
    more: MORE,
    onFrame(frame, subscription) {
      // A replay would wait for its reader; what is live does not.
      if (frame.__typename === "Bookmark" && frame.caughtUp) live.add(subscription);
      if (live.size === SUBSCRIPTIONS) allLive.resolve(true);
      if (frame.__typename === "ResyncRequired") resyncs.add(subscription);
    },
  });
  if ((await Promise.race([allLive.promise, connection.ended])) !== true) {
    relay.close();
    return null;
  }
  relay.slowDown("one byte a second");
  const events = () => Math.max(...site.histories.map(({ frames }) => frames.length));
  const [since, before] = [performance.now(), events()];
  const isDue = () => events() - before >= ENOUGH_EVENTS;
  return {
    isDue,
    async release() {
      const ms = Math.round(performance.now() - since);
      const due = isDue();
      relay.release();
      const how = await Promise.race([connection.ended, sleep(ENDED_WITHIN_MS, null)]);
      connection.cut();
      relay.close();
      if (how === null && due) {
        site.journal.violated("bounded", `${replica.name} kept a client that read a byte a second`);
      }
      const end = how === null ? "kept" : `${resyncs.size} of ${SUBSCRIPTIONS} told to begin anew, ${how}`;
      site.journal.injected(hostileClient.name, `${ms} ms on ${replica.name}: ${end}`);
    },
  };
}

/** The server ends what a hostile client does not take, whatever else happens meanwhile. */
export const hostileClient: Fault = {
  name: "client reading a byte a second",
  async inject(site, random) {
    let replica = random.pick(site.replicas);
    let client = await openHostileClient(site, replica);
    while (!client) {
      await wait(site, 200);
      replica = random.pick(site.replicas);
      client = await openHostileClient(site, replica);
    }
    const until = performance.now() + site.scale.stallMs;
    try {
      while (performance.now() < until || (!client.isDue() && performance.now() < until + LONGER_MS))
        await wait(site, 200);
    } finally {
      await client.release();
    }
  },
};
