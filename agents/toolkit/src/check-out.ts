import { existsSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { git } from "./git.ts";
import type { Repository } from "./open-repository.ts";

/**
 * Writes the files of a commit to a folder, without a change to the repository: the index it needs is kept beside the
 * folder. With `paths`, only those.
 */
export async function checkOut(
  repository: Repository,
  sha: string,
  folder: string,
  signal: AbortSignal,
  paths?: readonly string[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const environment = {
    GIT_DIR: repository.gitFolder,
    GIT_WORK_TREE: folder,
    GIT_INDEX_FILE: `${folder}.index`,
  };
  await git(["-c", "core.sparseCheckout=false", "read-tree", sha], { folder, signal, environment });
  const selection =
    paths === undefined ? { parameters: ["--all"] } : { parameters: ["-z", "--stdin"], input: paths.join("\0") };
  await git(["checkout-index", "--force", ...selection.parameters], { folder, signal, environment, ...selection });
}

/** Lets checked-out files find the dependencies that are installed in the repository's working tree. */
export async function linkDependencies(repository: Repository, folder: string): Promise<void> {
  const installed = join(repository.path, "node_modules");
  const link = join(folder, "node_modules");
  if (existsSync(installed) && !existsSync(link)) await symlink(installed, link, "dir");
}
