import { startCluster } from "./cluster.ts";
import { followOverStream } from "./clients/event-stream.ts";
import { readToPresent } from "./clients/read-to-present.ts";
import { followOverSocket } from "./clients/web-socket.ts";
import { copyDatabase } from "./dump.ts";
import { newestId, readLog } from "./log.ts";
import type { Random } from "./random.ts";
import { startReplica } from "./replica.ts";
import type { Site } from "./site.ts";
import { ask, changed } from "./api.ts";
import { projectCursor } from "./tenant.ts";
import { validateHistories } from "./validate.ts";

const OLD_CURSORS = 12;
const NEW_EVENTS = 60;

/**
 * The data goes into a new database of another cluster, where transactions are numbered from the start. Cursors of before
 * say so, nothing of before comes again, nothing of it is gone, and what happens from now on arrives.
 */
export async function restoreElsewhere(site: Site, random: Random): Promise<void> {
  const { journal, adminKey, tenant, signal } = site;
  const cluster = await startCluster();
  try {
    await copyDatabase(site.cluster.url, cluster.url);
    const replica = await startReplica("restored", cluster, adminKey);
    try {
      const url = () => replica.url;
      const read = (after: string, number: number) =>
        readToPresent("a client after the restore", {
          transport: number % 2 === 0 ? followOverSocket : followOverStream,
          url,
          key: adminKey,
          project: tenant.projectId,
          after,
          signal,
        });
      for (let number = 0; number < OLD_CURSORS; number += 1) {
        const history = random.pick(site.histories);
        const { last } = await read(history.anyPoint(random).cursor, number);
        if (last.__typename !== "ResyncRequired") {
          journal.violated("restored", `a cursor of before was answered with ${last.__typename}`);
        }
      }
      const [before, newest] = [await readLog(site.cluster, tenant.projectUuid), await newestId(cluster)];
      const restored = await readLog(cluster, tenant.projectUuid);
      if (restored.length !== before.length) {
        journal.violated("restored", `${before.length} events were dumped, ${restored.length} are there`);
      }
      await validateListed(site, url(), before.length);

      const start = await projectCursor(url(), adminKey, tenant.path);
      for (let number = 0; number < NEW_EVENTS; number += 1) {
        const input = { projectId: tenant.projectId, kind: "soak", input: {} };
        await changed(url(), adminKey, "createTask", input, "data { id }");
      }
      const { history } = await read(start, 0);
      const log = await readLog(cluster, tenant.projectUuid, newest);
      validateHistories(log, [history], journal.violated);
      journal.injected(
        "dump and restore into a new database",
        `${restored.length} events; ${OLD_CURSORS} old cursors told to begin anew; ${log.length} new events followed`,
      );
    } finally {
      await replica.remove();
    }
  } finally {
    await cluster.remove();
  }
}

/** Lists count to 10,000. */
async function validateListed({ adminKey, tenant, journal }: Site, url: string, dumped: number): Promise<void> {
  const { project } = await ask<{ project: { events: { totalCount: number } } }>(
    url,
    adminKey,
    "query ($path: String!) { project(path: $path) { events(first: 1) { totalCount } } }",
    { path: tenant.path },
  );
  const wanted = Math.min(dumped, 10_000);
  if (project.events.totalCount < wanted) {
    journal.violated("restored", `${wanted} events should be listed, ${project.events.totalCount} are`);
  }
}
