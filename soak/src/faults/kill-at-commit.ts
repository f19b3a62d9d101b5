import type { CommitPoint } from "../commit-watch.ts";
import type { Fault, Site } from "../site.ts";
import type { Random } from "../random.ts";

const COMMIT_WITHIN_MS = 30_000;

/** A server dies when PostgreSQL has carried out a change but has not been told to commit it: it must be nowhere. */
export const killBeforeCommit: Fault = {
  name: "kill -9 before COMMIT",
  inject: (site, random) => killAt("before", killBeforeCommit.name, site, random),
};

/** A server dies when PostgreSQL has committed and nobody knows it yet: every client must be told all the same. */
export const killAfterCommit: Fault = {
  name: "kill -9 after COMMIT",
  inject: (site, random) => killAt("after", killAfterCommit.name, site, random),
};

async function killAt(point: CommitPoint, name: string, site: Site, random: Random): Promise<void> {
  const replica = random.pick(site.replicas);
  const limit = AbortSignal.any([site.signal, AbortSignal.timeout(COMMIT_WITHIN_MS)]);
  const mark = await replica.proxy.holdCommit(point, limit);
  if (mark === null) throw new Error(`No commit came through ${replica.name} within ${COMMIT_WITHIN_MS / 1_000} s.`);
  await replica.kill();
  site.cutOff[point].add(mark);
  site.journal.injected(name, `${replica.name}, of ${mark}`);
  await replica.start();
}
