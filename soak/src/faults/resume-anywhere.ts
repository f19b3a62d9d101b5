import { resumable } from "@muster/events/testing/validators.ts";
import { followOverStream } from "../clients/event-stream.ts";
import { readToPresent } from "../clients/read-to-present.ts";
import { followOverSocket } from "../clients/web-socket.ts";
import { readLog } from "../log.ts";
import { isBefore } from "../position.ts";
import { anyUrl, type Fault } from "../site.ts";

/** A client goes on from some cursor of somebody else's history, on another server, as if it had been there all along. */
export const resumeAnywhere: Fault = {
  name: "resumed at a random cursor",
  async inject(site, random) {
    const history = random.pick(site.histories.filter(({ field }) => field === "events"));
    const point = history.anyPoint(random);
    const before = history.frames.slice(0, point.frames);
    const { history: continued, last } = await readToPresent("a client that was moved", {
      transport: random.pick([followOverSocket, followOverStream]),
      url: () => anyUrl(site, random),
      key: site.adminKey,
      project: site.tenant.projectId,
      after: point.cursor,
      signal: site.signal,
    });
    if (last.__typename !== "Bookmark") {
      site.journal.violated("resumable", `told ${JSON.stringify(last)} for a cursor of ${history.name}`);
      return;
    }
    const log = await readLog(site.cluster, site.tenant.projectUuid);
    const due = log.filter((fact) => isBefore(fact, last.cursor) && !isBefore(fact, history.start));
    for (const violation of resumable(due, before, continued.frames)) {
      site.journal.violated("resumable", `${history.name} after ${point.frames} frames: ${violation}`);
    }
    site.journal.injected(
      this.name,
      `after ${point.frames} frames of ${history.name}, ${continued.frames.length} more`,
    );
  },
};
