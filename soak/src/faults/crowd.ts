import { followOverStream } from "../clients/event-stream.ts";
import { readToPresent } from "../clients/read-to-present.ts";
import { followOverSocket } from "../clients/web-socket.ts";
import { anyUrl, type Fault } from "../site.ts";
import { validatePart } from "../validate.ts";

const A_MOMENT_MS = 5_000;

/** Many clients come back at the same moment, from where they were a moment ago, to whichever server. */
export const crowd: Fault = {
  name: "clients reconnecting at once",
  async inject(site, random) {
    const begun = performance.now();
    const events = site.histories.filter(({ field }) => field === "events");
    // Those that roam or have stalled are far back: a hundred times what they have missed would measure the machine.
    const present = events.filter(({ received, frames, times }) => {
      return received === frames.length && begun - (times.at(-1) ?? 0) < A_MOMENT_MS;
    });
    const readers = Array.from({ length: site.scale.crowd }, (_, number) => {
      const history = random.pick(present.length > 0 ? present : events);
      return readToPresent(`${number} of a crowd`, {
        transport: number % 4 === 0 ? followOverStream : followOverSocket,
        url: () => anyUrl(site, random),
        key: site.adminKey,
        project: site.tenant.projectId,
        after: history.recentPoint(random).cursor,
        signal: site.signal,
      });
    });
    const read = await Promise.all(readers);
    const tookMs = performance.now() - begun;
    const frames = read.reduce((sum, { history }) => sum + history.frames.length, 0);
    const detail = `${read.length}, all at the present after ${(tookMs / 1_000).toFixed(1)} s and ${frames} frames`;
    site.journal.injected(this.name, detail, read.length);
    await validatePart(site, site.tenant, read);
  },
};
