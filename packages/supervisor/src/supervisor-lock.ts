import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processStart } from "./process-identity.ts";

export interface SupervisorLock {
  release(): void;
}

const PREFIX = "supervisor.lock.";

/**
 * Takes the folder for this process, so that one supervisor at a time acts on it. Null while another living process has
 * it; one that died (also by SIGKILL, also when its pid was used again) has nothing. Throws the system's error when the
 * folder cannot be written.
 *
 * Each holder has a file of its own, numbered upwards, and the newest one counts. So taking over from the dead is the
 * creation of one new file, which the file system grants to one process only: nothing is removed that somebody else
 * could just have taken.
 */
export function takeSupervisorLock(folder: string): SupervisorLock | null {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const newest = Math.max(0, ...turns(folder));
  if (newest > 0 && isHeld(file(folder, newest))) return null;
  const mine = newest + 1;
  const draft = join(folder, `supervisor.draft.${process.pid}`);
  try {
    writeFileSync(draft, `${process.pid} ${processStart(process.pid)}`, { mode: 0o600 });
    // It appears with its content, or not at all.
    linkSync(draft, file(folder, mine));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return null;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const now = turns(folder);
  if (Math.max(...now) !== mine) {
    // The number had been used and removed since we looked: somebody else is ahead.
    rmSync(file(folder, mine), { force: true });
    return null;
  }
  for (const earlier of now) if (earlier < mine) rmSync(file(folder, earlier), { force: true });
  // A released turn stays, so that its number is never given twice.
  return { release: () => writeFileSync(file(folder, mine), "released") };
}

function isHeld(path: string): boolean {
  try {
    const [pid, ...start] = readFileSync(path, "utf8").split(" ");
    return processStart(Number(pid)) === start.join(" ");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return true;
    throw error;
  }
}

function turns(folder: string): number[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => Number(name.slice(PREFIX.length)))
    .filter(Number.isSafeInteger);
}

function file(folder: string, turn: number): string {
  return join(folder, PREFIX + turn);
}
