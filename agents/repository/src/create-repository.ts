import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { lastCommits, resolveCommit } from "@muster/agent-toolkit/commit.ts";
import { git, type GitOptions } from "@muster/agent-toolkit/git.ts";
import { openRepository } from "@muster/agent-toolkit/open-repository.ts";

export interface DemoRepository {
  /** Absolute path. */
  readonly path: string;
  /** False when it was there already. */
  readonly created: boolean;
  /** All commits, oldest first. */
  readonly commits: readonly { readonly sha: string; readonly subject: string }[];
}

const history = fileURLToPath(new URL("../history", import.meta.url));
const maximumCommits = 1_000;

/**
 * Makes the demo repository in a folder that does not exist yet (or is empty), or finds the one that is there. The shas are
 * the same on every machine: author, dates and settings are fixed, whatever git is configured to do. The folder appears
 * complete or not at all, also when several processes make it at the same time.
 *
 * @throws ProgramMissing without git; RepositoryUnreadable when the folder holds something else
 */
export async function createDemoRepository(
  folder: string,
  signal = new AbortController().signal,
): Promise<DemoRepository> {
  const path = resolve(folder);
  if (!(await isAbsentOrEmpty(path))) return describe(path, false, signal);
  await mkdir(dirname(path), { recursive: true });
  const unfinished = await mkdtemp(join(dirname(path), `.${basename(path)}-`));
  try {
    await replayHistory(unfinished, signal);
    const created = await moveInto(unfinished, path);
    return await describe(path, created, signal);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function replayHistory(folder: string, signal: AbortSignal): Promise<void> {
  const options: GitOptions = {
    folder,
    signal,
    environment: {
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_COUNT: "0",
      GIT_COMMITTER_NAME: "Muster Demo",
      GIT_COMMITTER_EMAIL: "demo@muster.invalid",
    },
  };
  const patches = (await readdir(history)).filter((name) => name.endsWith(".patch")).sort();
  await git(["init", "--quiet", "--object-format=sha1", "--template="], options);
  await git(["symbolic-ref", "HEAD", "refs/heads/main"], options);
  const parameters = ["am", "--quiet", "--keep", "--committer-date-is-author-date"];
  await git([...parameters, ...patches.map((name) => join(history, name))], options);
}

async function isAbsentOrEmpty(path: string): Promise<boolean> {
  try {
    return (await readdir(path)).length === 0;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return true;
    if (code === "ENOTDIR") return false;
    throw error;
  }
}

/** False when another process was there first. */
async function moveInto(unfinished: string, path: string): Promise<boolean> {
  try {
    await rename(unfinished, path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOTEMPTY" || code === "EEXIST") return false;
    throw error;
  }
}

async function describe(path: string, created: boolean, signal: AbortSignal): Promise<DemoRepository> {
  const repository = await openRepository(path, signal);
  const head = await resolveCommit(repository, "HEAD", signal);
  const commits = await lastCommits(repository, head.sha, maximumCommits, signal);
  return { path, created, commits: commits.map(({ sha, subject }) => ({ sha, subject })).reverse() };
}
