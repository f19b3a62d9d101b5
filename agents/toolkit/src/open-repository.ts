import { realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute } from "node:path";
import { lastLines } from "./clean-text.ts";
import { RepositoryUnreadable } from "./errors.ts";
import { runGit } from "./git.ts";

/** A local git repository that exists and that git can read. */
export interface Repository {
  /** Absolute path without symbolic links. */
  readonly path: string;
  /** Absolute path of git's own folder. */
  readonly gitFolder: string;
}

/**
 * Opens a repository by the absolute path of its working tree or of a bare repository. A folder inside a working tree is
 * not taken for the repository around it.
 *
 * @throws RepositoryUnreadable
 */
export async function openRepository(path: string, signal: AbortSignal): Promise<Repository> {
  if (!isAbsolute(path)) throw new RepositoryUnreadable(`"${path}" is not an absolute path.`);
  const folder = await existingFolder(path);
  const result = await runGit(["rev-parse", "--absolute-git-dir"], {
    folder,
    signal,
    environment: { GIT_CEILING_DIRECTORIES: dirname(folder) },
  });
  const gitFolder = result.stdout.replace(/\n$/, "");
  if (result.exitCode === 0 && gitFolder !== "") return { path: folder, gitFolder };
  if (/dubious ownership/.test(result.stderr)) {
    throw new RepositoryUnreadable(
      `${path} belongs to another user: allow it with git config --global --add safe.directory ${path}`,
    );
  }
  const detail = lastLines(result.stderr, 1)[0] ?? "git said nothing";
  throw new RepositoryUnreadable(`${path} is not a git repository that can be read (${detail}).`);
}

async function existingFolder(path: string): Promise<string> {
  try {
    const folder = await realpath(path);
    if ((await stat(folder)).isDirectory()) return folder;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "does not exist" : `cannot be opened (${code})`;
    throw new RepositoryUnreadable(`${path} ${why}: give the path of a local git repository.`);
  }
  throw new RepositoryUnreadable(`${path} is not a folder: give the path of a local git repository.`);
}
