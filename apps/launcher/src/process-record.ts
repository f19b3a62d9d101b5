import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processStart } from "@muster/processes/process-identity.ts";

const RECORD = ".pid";
const STOP_MS = 30_000;
const KILLED_MS = 3_000;

/**
 * Notes which process runs under the name ("server"), for the launcher that comes after one that was killed. Returns what
 * takes the note back.
 */
export function recordProcess(dataDir: string, name: string, pid: number): () => void {
  const file = recordOf(dataDir, name);
  writeFileSync(file, `${pid} ${processStart(pid)}\n`);
  return () => rmSync(file, { force: true });
}

/** Stops the processes whose launcher was killed. They notice by themselves and end in order, so they get the time for that. */
export async function reapLeftProcesses(dataDir: string, say: (line: string) => void): Promise<void> {
  const names = readdirSync(dataDir)
    .filter((entry) => entry.endsWith(RECORD))
    .map((entry) => entry.slice(0, -RECORD.length));
  await Promise.all(names.map((name) => reapLeftProcess(dataDir, name, say)));
}

async function reapLeftProcess(dataDir: string, name: string, say: (line: string) => void): Promise<void> {
  const file = recordOf(dataDir, name);
  let recorded: string;
  try {
    recorded = readFileSync(file, "utf8");
  } catch {
    return;
  }
  const pid = Number.parseInt(recorded, 10);
  const start = recorded.slice(recorded.indexOf(" ") + 1).trim();
  if (pid > 1 && processStart(pid) === start) {
    say(`Waiting for the ${name} of an earlier run (process ${pid}) to stop.`);
    for (const [signal, patience] of [
      ["SIGTERM", STOP_MS],
      ["SIGKILL", KILLED_MS],
    ] as const) {
      if (processStart(pid) !== start) break;
      process.kill(pid, signal);
      const deadline = performance.now() + patience;
      while (processStart(pid) === start && performance.now() < deadline) await sleep(20);
    }
  }
  rmSync(file, { force: true });
}

function recordOf(dataDir: string, name: string): string {
  return join(dataDir, `${name}${RECORD}`);
}
