import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processStart } from "@muster/processes/process-identity.ts";

/**
 * A build of the console, in a folder of its own so that a newer one never touches what a running console reads:
 * `<folder>/<hash>-<random>/` holds `dist` (what Next made), `complete` (written last; its content is how many seconds it took)
 * and `used-by.<pid>` for each launcher that uses it.
 */
export interface ConsoleBuild {
  readonly path: string;
  /** Null for one that was killed, or is being made. */
  readonly completed: { readonly at: number; readonly seconds: number } | null;
}

const KEPT = 2;
const NAME = /^[0-9a-f]{20}-/;
const COMPLETE = "complete";
const USED_BY = "used-by.";

/** The builds that there are, the newest first. */
export function listBuilds(folder: string): ConsoleBuild[] {
  return (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => NAME.test(name))
    .map((name) => ({ path: join(folder, name), completed: completedOf(join(folder, name)) }))
    .sort((a, b) => (b.completed?.at ?? 0) - (a.completed?.at ?? 0));
}

/** The newest finished build with this hash, or undefined. */
export function findBuild(folder: string, hash: string): ConsoleBuild | undefined {
  return listBuilds(folder).find(({ path, completed }) => completed && path.startsWith(join(folder, `${hash}-`)));
}

export function newBuild(folder: string, hash: string): ConsoleBuild {
  const path = join(folder, `${hash}-${randomBytes(4).toString("hex")}`);
  mkdirSync(path);
  return { path, completed: null };
}

/** From now on the build can be used by everyone whose sources have its hash. */
export function completeBuild({ path }: ConsoleBuild, seconds: number): void {
  writeFileSync(join(path, COMPLETE), String(seconds));
}

/** Keeps the build from being removed while this process lives. Best effort: who may not write there uses it all the same. */
export function claimBuild({ path }: ConsoleBuild): () => void {
  const file = join(path, USED_BY + process.pid);
  try {
    writeFileSync(file, String(processStart(process.pid)));
  } catch {
    return () => {};
  }
  return () => rmSync(file, { force: true });
}

/** Removes what nobody uses, but for the newest finished builds. */
export function removeOldBuilds(folder: string): void {
  const builds = listBuilds(folder);
  const kept = builds.filter(({ completed }) => completed !== null).slice(0, KEPT);
  for (const build of builds) if (!kept.includes(build)) removeUnused(build);
}

function removeUnused(build: ConsoleBuild): void {
  const { path } = build;
  try {
    if (isUsed(build)) return;
    // First, so that half of it is never taken for the whole.
    rmSync(join(path, COMPLETE), { force: true });
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // Somebody else's folder, or one that a dying build still writes to: the next time, then.
  }
}

function isUsed({ path }: ConsoleBuild): boolean {
  return readdirSync(path)
    .filter((name) => name.startsWith(USED_BY))
    .some((name) => processStart(Number(name.slice(USED_BY.length))) === readFileSync(join(path, name), "utf8"));
}

function completedOf(path: string): ConsoleBuild["completed"] {
  const file = join(path, COMPLETE);
  try {
    const seconds = readFileSync(file, "utf8");
    return seconds === "" ? null : { at: statSync(file).mtimeMs, seconds: Number(seconds) };
  } catch {
    return null;
  }
}
