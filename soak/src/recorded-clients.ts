import type { ClientPlan } from "./clients/recorded-client.ts";
import { runClient } from "./clients/recorded-client.ts";
import { followOverStream } from "./clients/event-stream.ts";
import { runFollowClient } from "./clients/follow-client.ts";
import { FIELDS } from "./clients/frame.ts";
import { RecordedHistory } from "./clients/recorded-history.ts";
import { followOverSocket } from "./clients/web-socket.ts";
import { isBefore } from "./position.ts";
import type { Random } from "./random.ts";
import { anyUrl, type Site } from "./site.ts";

/** Bookmarks come every 5 s; a database that is away for a moment may add to that. */
const MOST_SILENT_MS = 20_000;
const MOST_FRAMES = 400;

/** How a client of this run behaves unless it is told otherwise: over a socket, on any server, to the end. */
export function planFor(site: Site, random: Random): ClientPlan {
  return {
    transport: followOverSocket,
    key: site.adminKey,
    project: site.tenant.projectId,
    url: () => anyUrl(site, random),
    roams: null,
    random,
    mostSilentMs: MOST_SILENT_MS,
    isDone: (cursor) => site.ending.last !== null && isBefore(site.ending.last, cursor),
    isSettling: () => site.ending.last !== null,
    violated: site.journal.violated,
    signal: site.signal,
  };
}

/** Starts the clients that a run has from its beginning: steady ones of three kinds, narrow ones, and ones that roam. */
export function startClients(site: Site, start: string, random: Random, onDelivery: (key: string) => void): void {
  const { steadyClients, roamingClients } = site.scale;
  for (let number = 0; number < steadyClients; number += 1) {
    const replica = site.replicas[number % site.replicas.length];
    const url = () => replica?.url ?? "";
    const history = (kind: string) => new RecordedHistory(`${kind} ${number}`, "events", start, onDelivery);
    const plan = (kind: string) => ({ ...planFor(site, random.branch(`${kind} ${number}`)), url });
    site.record(history("follow"), (recorded) => runFollowClient(recorded, plan("follow")));
    site.record(history("socket"), (recorded) => runClient(recorded, plan("socket")));
    site.record(history("stream"), (recorded) =>
      runClient(recorded, { ...plan("stream"), transport: followOverStream }),
    );
  }
  for (const field of FIELDS.filter((name) => name !== "events")) {
    const plan = planFor(site, random.branch(field));
    site.record(new RecordedHistory(field, field, start), (recorded) => runClient(recorded, plan));
  }
  for (let number = 0; number < roamingClients; number += 1) {
    const own = random.branch(`roaming ${number}`);
    const transport = number % 2 === 0 ? followOverSocket : followOverStream;
    const plan = { ...planFor(site, own), transport, roams: { mostFrames: MOST_FRAMES } };
    site.record(new RecordedHistory(`roaming ${number}`, "events", start), (recorded) => runClient(recorded, plan));
  }
}
