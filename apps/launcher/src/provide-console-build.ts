import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { FolderLocked, type FolderLock, lockFolder } from "@muster/processes/folder-lock.ts";
import { aborted } from "./aborted.ts";
import { buildConsole, type BuildOptions, distDirOf } from "./build-console.ts";
import {
  claimBuild,
  completeBuild,
  type ConsoleBuild,
  findBuild,
  listBuilds,
  newBuild,
  removeOldBuilds,
} from "./console-builds.ts";
import { consoleFolder } from "./console-environment.ts";
import { consoleHash } from "./console-hash.ts";
import { LauncherError } from "./launcher-error.ts";

export interface ProvideOptions extends BuildOptions {
  say(line: string): void;
}

/** A build that is kept for this process. */
export interface ProvidedBuild {
  /** For `next.config.ts`, from the console's folder. */
  readonly distDir: string;
  release(): void;
}

const LOCK = "builds";
/** Longer than one takes that finds its build. */
const QUIET_MS = 300;
const WAIT_MS = 15 * 60_000;
const FIRST_GUESS_S = 15;
const NOT_ALLOWED = new Set(["EACCES", "EPERM", "EROFS"]);

/**
 * The build of the console as its sources are now: the one that is there, else a new one. Of several processes that want
 * it at once, one builds and the others wait for it. Throws a `LauncherError`.
 */
export async function provideConsoleBuild(options: ProvideOptions): Promise<ProvidedBuild> {
  const { root, say } = options;
  const folder = join(consoleFolder(root), ".next");
  const lock = await takeLock(folder, options);
  try {
    const hash = consoleHash(root);
    const found = lock === null ? findReadOnly(folder, hash) : findBuild(folder, hash);
    const build = found ?? newBuild(folder, hash);
    const release = claimBuild(build);
    try {
      if (!found) {
        const seconds = listBuilds(folder)[0]?.completed?.seconds ?? FIRST_GUESS_S;
        say(`Building the console, about ${seconds} s, only after a change.`);
        const begun = performance.now();
        await buildConsole(build, options);
        // Sources that changed meanwhile may be in it or not: it serves this start only.
        if (consoleHash(root) === hash) completeBuild(build, Math.ceil((performance.now() - begun) / 1000));
      }
    } catch (error) {
      release();
      throw error;
    } finally {
      if (lock !== null) removeOldBuilds(folder);
    }
    return { distDir: distDirOf(build, root), release };
  } finally {
    lock?.release();
  }
}

/** Null when the folder is somebody else's. */
async function takeLock(folder: string, { say, stop }: ProvideOptions): Promise<FolderLock | null> {
  try {
    mkdirSync(folder, { recursive: true });
    return await lockFolder(folder, LOCK, QUIET_MS);
  } catch (error) {
    if (NOT_ALLOWED.has(String((error as NodeJS.ErrnoException).code))) return null;
    if (!(error instanceof FolderLocked)) throw error;
    say("Another start is building the console; waiting for it.");
  }
  const lock = await Promise.race([
    lockFolder(folder, LOCK, WAIT_MS).catch((error: unknown) => error as Error),
    aborted(stop),
  ]);
  if (lock === undefined) throw new LauncherError("Waiting for the console's build was interrupted.");
  if (lock instanceof FolderLocked) {
    throw new LauncherError(
      `Process ${lock.pid} has been building the console for ${WAIT_MS / 60_000} minutes: end it and start again.`,
    );
  }
  if (lock instanceof Error) throw lock;
  return lock;
}

function findReadOnly(folder: string, hash: string): ConsoleBuild {
  const found = findBuild(folder, hash);
  if (found) return found;
  throw new LauncherError(
    `The console has to be built, but ${folder} cannot be written: start once as the user who owns it, or use --no-console.`,
  );
}
