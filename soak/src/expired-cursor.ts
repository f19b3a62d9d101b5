import { createRetention } from "@muster/events/retention.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { changed } from "./api.ts";
import type { Cluster } from "./cluster.ts";
import { createTenant, projectCursor } from "./tenant.ts";

/** A place in a feed whose next events retention has removed. */
export interface ExpiredCursor {
  /** The project's public id. */
  readonly projectId: string;
  readonly cursor: string;
}

const WITHIN_MS = 30_000;
/** At least so many events are removed: what is old is found by steps of a thousand. */
const REMOVED = 1_000;

/**
 * Makes a workspace that keeps its events for a day, with events of three days ago, and has them removed. To be called before
 * anything else is in the log: ids follow the clock.
 */
export async function makeExpiredCursor(cluster: Cluster, url: string, key: string): Promise<ExpiredCursor> {
  const { projectId, path, workspaceId } = await createTenant(url, key, "expired", { agents: 0, contexts: 0 });
  const cursor = await projectCursor(url, key, path);
  const tasks = Array.from({ length: REMOVED * 2 }, () => ({ projectId, kind: "soak", input: {} }));
  await changed(url, key, "createTasks", { tasks }, "data { id }");
  await cluster.query("update events set at = at - interval '3 days'");
  await changed(url, key, "updateWorkspace", { workspaceId, eventRetentionDays: 1 }, "data { id }");
  const retention = createRetention({ url: cluster.url, days: null, archiveDir: null });
  const deadline = performance.now() + WITHIN_MS;
  try {
    while (!(await isRemoved(cluster))) {
      if (performance.now() > deadline) throw new Error("Retention did not remove the old events.");
      await retention.enforce();
      // It rises once an hour, and not past transactions that run just then.
      await cluster.query("update workspaces set events_retained_since = events_retained_since - interval '2 hours'");
      await sleep(100);
    }
  } finally {
    await retention.close();
  }
  return { projectId, cursor };
}

async function isRemoved(cluster: Cluster): Promise<boolean> {
  const rows = await cluster.query(
    `select from workspaces where slug = 'expired' and events_retained_from_id > ${REMOVED}`,
  );
  return rows.length > 0;
}
