import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processStart } from "./process-identity.ts";

/** Another living process holds the lock. */
export class FolderLocked extends Error {
  override readonly name = "FolderLocked";
  readonly pid: number;
  constructor(folder: string, pid: number) {
    super(`The folder ${folder} is in use by process ${pid}.`);
    this.pid = pid;
  }
}

export interface FolderLock {
  /** Never throws: a lock that cannot be marked as released ends with its holder. */
  release(): void;
}

/** A file that is still empty after this long was left by a process that died while writing it. */
const WRITING_MS = 5_000;
const RELEASED = "released";

/**
 * Takes the lock `name` of a folder for this process, waiting up to `waitMs` for its holder. A holder that died (also by
 * SIGKILL, also when its pid was used again) holds nothing. Throws `FolderLocked`, or the system's error when the folder
 * cannot be written.
 *
 * Each turn is a file of its own, numbered upwards, and a released turn stays until the next one is taken. So taking over
 * from the dead is the creation of one new file, which the file system grants to one process only; nothing is ever
 * removed that somebody else could just have taken.
 */
export async function lockFolder(folder: string, name: string, waitMs = 0): Promise<FolderLock> {
  const deadline = performance.now() + waitMs;
  while (true) {
    const turn = newestTurn(folder, name);
    const holder = turn === 0 ? null : holderOf(file(folder, name, turn));
    if (holder === null) {
      const lock = takeTurn(folder, name, turn + 1);
      if (lock) return lock;
    } else if (performance.now() >= deadline) {
      throw new FolderLocked(folder, holder);
    } else {
      await sleep(50);
    }
  }
}

function takeTurn(folder: string, name: string, turn: number): FolderLock | null {
  const path = file(folder, name, turn);
  try {
    writeFileSync(path, `${process.pid} ${processStart(process.pid)}`, { flag: "wx", mode: 0o644 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return null;
    rmSync(path, { force: true });
    throw error;
  }
  // The listing may have been old: then a later turn is there, and this number was a leftover that its holder removed.
  if (newestTurn(folder, name) !== turn) {
    rmSync(path, { force: true });
    return null;
  }
  for (const earlier of turns(folder, name)) {
    if (earlier < turn) rmSync(file(folder, name, earlier), { force: true });
  }
  return {
    release() {
      try {
        writeFileSync(path, RELEASED, { flag: "r+" });
        truncateSync(path, RELEASED.length);
      } catch {
        // The folder is gone, or the disk is.
      }
    },
  };
}

/** The living holder's pid, or null. */
function holderOf(path: string): number | null {
  try {
    const text = readFileSync(path, "utf8");
    if (text === RELEASED) return null;
    const [pid = 0, start = ""] = [Number.parseInt(text, 10), text.slice(text.indexOf(" ") + 1)];
    if (text === "" || Number.isNaN(pid)) return Date.now() - statSync(path).mtimeMs < WRITING_MS ? 0 : null;
    return processStart(pid) === start ? pid : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function newestTurn(folder: string, name: string): number {
  return Math.max(0, ...turns(folder, name));
}

function turns(folder: string, name: string): number[] {
  const prefix = `${name}.lock.`;
  return readdirSync(folder)
    .filter((entry) => entry.startsWith(prefix))
    .map((entry) => Number(entry.slice(prefix.length)))
    .filter((turn) => Number.isSafeInteger(turn));
}

function file(folder: string, name: string, turn: number): string {
  return join(folder, `${name}.lock.${turn}`);
}
