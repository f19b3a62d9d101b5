import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { aborted } from "./aborted.ts";
import type { ConsoleBuild } from "./console-builds.ts";
import { consoleEnvironment, consoleFolder } from "./console-environment.ts";
import { LauncherError } from "./launcher-error.ts";

const RUN_NEXT = fileURLToPath(new URL("./run-next.ts", import.meta.url));
const LIMIT_MS = 10 * 60_000;

export interface BuildOptions {
  /** The root of the repository. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Where Next's output goes. */
  readonly logFile: string;
  /** Gives up when aborted. */
  readonly stop: AbortSignal;
}

/** What the console's `next.config.ts` calls the folder, from the console's. */
export function distDirOf(build: ConsoleBuild, root: string): string {
  return join(relative(consoleFolder(root), build.path), "dist");
}

/** Runs `next build` into the build's folder. Throws a `LauncherError` that names the log when it fails. */
export async function buildConsole(build: ConsoleBuild, options: BuildOptions): Promise<void> {
  const { root, logFile, stop } = options;
  const cwd = consoleFolder(root);
  const next = createRequire(join(cwd, "package.json")).resolve("next/dist/bin/next");
  const log = openSync(logFile, "w", 0o600);
  // A group of its own: the workers end with it, and the terminal's Ctrl-C is for us.
  const child = spawn(process.execPath, [RUN_NEXT, next, "build"], {
    cwd,
    detached: true,
    env: consoleEnvironment(options.environment, { mode: "production", distDir: distDirOf(build, root) }),
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  const limit = AbortSignal.timeout(LIMIT_MS);
  const ended = once(child, "exit") as Promise<[number | null, string | null]>;
  await Promise.race([ended, aborted(AbortSignal.any([stop, limit]))]);
  // Also what a builder that died by itself left behind.
  killGroup(child.pid);
  const [code, signal] = await ended;
  if (code === 0) return;
  const how = limit.aborted
    ? `not done after ${LIMIT_MS / 60_000} minutes`
    : stop.aborted
      ? "interrupted"
      : (signal ?? `exit code ${code}`);
  throw new LauncherError(
    `The console could not be built (${how}): the reason is in ${logFile}; --no-console starts Muster without it.`,
  );
}

function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}
