import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { commandLine, processStart } from "@muster/processes/process-identity.ts";

/** A running postmaster: PostgreSQL's first process. */
export interface Postmaster {
  readonly pid: number;
  readonly start: string;
}

/** What the postmaster last wrote into the cluster's `postmaster.pid`; the file also outlives a crash. */
export function readPostmasterFile(cluster: string): { pid: number; ready: boolean } | null {
  try {
    const lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
    return { pid: Number(lines[0]), ready: lines[7]?.trim() === "ready" };
  } catch {
    return null;
  }
}

/** The postmaster of this cluster, if one lives: a pid that another program got meanwhile does not count. */
export function findPostmaster(cluster: string): Postmaster | null {
  const pid = readPostmasterFile(cluster)?.pid;
  if (!pid || !Number.isSafeInteger(pid) || pid < 2) return null;
  const start = processStart(pid);
  return start !== null && commandLine(pid).includes(cluster) ? { pid, start } : null;
}

/**
 * Stops PostgreSQL: open transactions are rolled back and everything is written (a fast shutdown); after `graceMs`
 * without writing (recovery follows at the next start), and at last by SIGKILL. Resolves when the process is gone.
 */
export async function stopPostmaster({ pid, start }: Postmaster, graceMs: number): Promise<void> {
  for (const [signal, patience] of [
    ["SIGINT", graceMs],
    ["SIGQUIT", 5_000],
    ["SIGKILL", 5_000],
  ] as const) {
    if (processStart(pid) !== start) return;
    process.kill(pid, signal);
    const deadline = performance.now() + patience;
    while (performance.now() < deadline) {
      if (processStart(pid) !== start) return;
      await sleep(10);
    }
  }
}
