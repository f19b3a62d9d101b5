import type { Random } from "../random.ts";
import { anyUrl, type Site } from "../site.ts";
import { writeThroughApi } from "./api-writer.ts";
import { writeThroughSql } from "./sql-writer.ts";
import { runTasks } from "./task-worker.ts";

/** The workers do several tasks at a time: so much longer is their pause. */
const PACE = 10;

/** Starts all writers of a run; what it returns stops them, when what they are doing is done. */
export function startWriters(
  site: Site,
  random: Random,
  onCommit: (key: string, sentAt: number) => void,
): () => Promise<void> {
  const { cluster, tenant, written, scale, subjects, adminKey: key } = site;
  const stop = new AbortController();
  const signal = AbortSignal.any([site.signal, stop.signal]);
  const writers = [
    ...Array.from({ length: scale.apiWriters }, (_, number) => {
      const own = random.branch(`api ${number}`);
      const url = () => anyUrl(site, own);
      return writeThroughApi({ url, key, tenant, random: own, written, pauseMs: scale.pauseMs, onCommit, signal });
    }),
    ...Array.from({ length: scale.sqlWriters }, (_, number) =>
      writeThroughSql({
        url: cluster.url,
        projectId: tenant.projectUuid,
        subjects,
        random: random.branch(`sql ${number}`),
        written,
        pauseMs: scale.pauseMs,
        openMs: Math.min(scale.openMs, 2_000),
        signal,
      }),
    ),
    ...tenant.workers.map((agentId, number) => {
      const own = random.branch(`worker ${number}`);
      return runTasks({
        url: () => anyUrl(site, own),
        key,
        tenant,
        agentId,
        random: own,
        written,
        pauseMs: scale.pauseMs * PACE,
        signal,
      });
    }),
  ];
  return async () => {
    stop.abort();
    await Promise.all(writers);
  };
}
